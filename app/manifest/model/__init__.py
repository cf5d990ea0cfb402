"""What a site means, as frozen facts: the result of reading and linking all its files.

Everything below the screens is a pure function of `Manifest`. Every object carries the `Place` that said it.
"""
