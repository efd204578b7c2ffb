"""Randomization that can be verified and not predicted; `stream` tells how allocations are derived."""

from evenhand.randomization.allocate import Design, Placement, allocate, design_of, placement
from evenhand.randomization.arms import Arms
from evenhand.randomization.blocks import BlockAllocation, allocation_at, sequence
from evenhand.randomization.chain import Chain, biased_coin_chain, blocks_chain, chain_of, complete_chain
from evenhand.randomization.commitment import commit, verify_commitment
from evenhand.randomization.design import Factor, Measure, Minimization, PermutedBlocks
from evenhand.randomization.errors import DesignError, RandomizationError
from evenhand.randomization.metrics import Metrics, metrics
from evenhand.randomization.minimization import Assigned, MinimizedAllocation, minimize, minimized_sequence
from evenhand.randomization.observer import Observer, hit_rate
from evenhand.randomization.predictability import optimal_guess_rate
from evenhand.randomization.strata import stratum_id

__all__ = [
    "Arms",
    "Assigned",
    "BlockAllocation",
    "Chain",
    "Design",
    "DesignError",
    "Factor",
    "Measure",
    "Metrics",
    "Minimization",
    "MinimizedAllocation",
    "Observer",
    "PermutedBlocks",
    "Placement",
    "RandomizationError",
    "allocate",
    "allocation_at",
    "biased_coin_chain",
    "blocks_chain",
    "chain_of",
    "commit",
    "complete_chain",
    "design_of",
    "hit_rate",
    "metrics",
    "minimize",
    "minimized_sequence",
    "optimal_guess_rate",
    "placement",
    "sequence",
    "stratum_id",
    "verify_commitment",
]
