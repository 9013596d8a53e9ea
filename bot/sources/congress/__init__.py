"""Bills and the House floor: GovInfo, congress.gov, docs.house.gov."""
