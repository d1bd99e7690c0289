"""The parts of the mixed load: its clients, its questions with their right answers, its mishaps."""
