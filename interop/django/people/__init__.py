# SPDX-License-Identifier: Apache-2.0
"""Users: those of the tests, and a model of them whose primary key is a UUID."""
