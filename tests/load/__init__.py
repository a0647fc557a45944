"""Faults and load against real processes and real databases: small in the tests, full by `bench faults`."""
