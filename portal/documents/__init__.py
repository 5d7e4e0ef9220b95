"""Official documents: what Decree 30/2020 prescribes, and the page it is printed on."""
