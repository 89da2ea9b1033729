"""Keep cases: from a finding to its closure and evaluation."""
