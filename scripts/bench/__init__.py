"""The measuring core beside its peers: times, memory and errors of one run, and whether each target is met."""
