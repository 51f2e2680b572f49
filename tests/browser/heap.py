"""What a page holds, as the browser counts it."""

from playwright.sync_api import CDPSession


def measured(cdp: CDPSession) -> dict[str, int]:
    """Nodes of the document, listeners, and bytes of the heap after its rubbish is gone."""
    for _ in range(2):  # what a first round finds dead may hold more
        cdp.send("HeapProfiler.collectGarbage")
    counters = cdp.send("Memory.getDOMCounters")
    heap = cdp.send("Runtime.getHeapUsage")["usedSize"]
    return {"nodes": counters["nodes"], "listeners": counters["jsEventListeners"], "heap": int(heap)}
