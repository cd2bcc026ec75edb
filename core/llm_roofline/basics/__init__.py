"""What any program needs: errors, units, a catalogue, whole files.

It knows nothing of the field.
"""
