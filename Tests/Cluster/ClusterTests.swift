import TestSupport
import Testing

/// Everything here starts real processes and measures time, so one test runs at a time.
@Suite(
    "A cluster of real processes", .serialized,
    .enabled(if: Programs.areBuilt, "limn and limn-supervisor are not built beside the tests"),
    .timeLimit(.minutes(2)))
enum ClusterTests {}
