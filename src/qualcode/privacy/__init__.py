"""What may still identify a person: find it, replace it, keep the key apart, and see who could be singled out."""

from qualcode.privacy.disclosure import derivable, differenced, singled_out, told
from qualcode.privacy.scanning import find

__all__ = ["derivable", "differenced", "find", "singled_out", "told"]
