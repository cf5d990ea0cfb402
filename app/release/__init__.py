"""From an edited folder to the live site: what changes, what that means for records, and carrying it out."""
