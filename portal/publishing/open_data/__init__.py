"""Everything that readers may see, as tables: declared by rooms, given away as files, and built again from them."""
