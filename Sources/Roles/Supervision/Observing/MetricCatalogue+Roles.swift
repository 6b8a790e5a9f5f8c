// What the roles count, in the order of their `vitals()`.

extension MetricCatalogue {
    static let ingest: [Metric] = [
        Metric("ingest", "batches", .counter, "batches", "answered with a result"),
        Metric("ingest", "repeated_batches", .counter, "batches", "answered `already`"),
        Metric("ingest", "refused_batches", .counter, "batches", "refused as a whole"),
        Metric("ingest", "accepted", .counter, "records", "acknowledged and on disk"),
        Metric(
            "ingest", "duplicates", .counter, "records", "known before, without a second effect"),
        Metric("ingest", "rejected", .counter, "records", "refused and kept as dead letters"),
        Metric("ingest", "commits", .counter, "transactions", "groups written to the log"),
        Metric(
            "ingest", "failed_commits", .counter, "transactions", "groups that could not be written"
        ),
        Metric("ingest", "records_per_commit", .gauge, "records", "mean size of a group"),
        Metric("ingest", "commit_ms_mean", .gauge, "milliseconds", "mean time of a commit"),
        Metric("ingest", "fetches", .counter, "answers", "answers to those who pull the log"),
        Metric("ingest", "fetches_from_disk", .counter, "reads", "blocks not found in memory"),
        Metric("ingest", "log_records", .gauge, "records", "in the log, the catalogue's included"),
        Metric("ingest", "catalogue_records", .gauge, "records", "of items in the log"),
        Metric("ingest", "catalogue_items", .gauge, "items", "known for stamps"),
        Metric("ingest", "links", .gauge, "links", "between identifiers of persons"),
        Metric("ingest", "refused", .counter, "batches", "refused, by error code", label: "code"),
        Metric(
            "ingest", "cleaned", .counter, "decisions",
            "of the rules of cleaning, by rule/source/decision", label: "decision"),
        Metric("ingest", "spool_bytes", .gauge, "bytes", "acknowledged but not applied yet"),
        Metric("ingest", "spool_bytes_max", .gauge, "bytes", "limit of that"),
        Metric("ingest", "spool_drain_bytes_per_s", .gauge, "bytes/s", "at which workers apply"),
        Metric("ingest", "disk_short", .gauge, "0 or 1", "1 while the disk has too little room"),
        Metric("ingest", "disk_free_bytes", .gauge, "bytes", "free on the disk of the log"),
        Metric("ingest", "event_ids", .gauge, "ids", "remembered against repetition"),
        Metric("ingest", "event_ids_max", .gauge, "ids", "limit of that"),
        Metric("ingest", "kept_records", .gauge, "records", "still in the log"),
        Metric("ingest", "removed_records", .counter, "records", "removed by retention"),
        Metric("ingest", "retention_passes", .counter, "passes", "of retention that ended"),
        Metric(
            "ingest", "retention_postponed", .counter, "passes", "put off: somebody was reading"),
        Metric("ingest", "retention_failed", .gauge, "0 or 1", "1 if the last pass failed"),
        Metric("ingest", "retention_step_ms_max", .gauge, "milliseconds", "longest step of a pass"),
        Metric("ingest", "forgotten_producers", .counter, "producers", "silent for too long"),
        Metric(
            "ingest", "damaged_partitions", .gauge, "partitions",
            "of the log that cannot be read on: their users stand still"),
        Metric(
            "ingest", "readers_ahead", .gauge, "partitions",
            "of which somebody has read more than the log holds"),
    ]

    static let features: [Metric] = [
        Metric("features", "lag", .gauge, "records", "in the log but not applied yet"),
        Metric("features", "applied", .counter, "records", "applied since the process's start"),
        Metric(
            "features", "applied_total", .gauge, "records", "applied ever, of its partitions",
            alias: "applied_ever"),
        Metric("features", "partitions", .gauge, "partitions", "owned"),
        Metric(
            "features", "dirty_partitions", .gauge, "partitions", "with changes not committed yet"),
        Metric("features", "hot_users", .gauge, "users", "held in memory"),
        Metric("features", "hot_bytes", .gauge, "bytes", "that these take, about"),
        Metric("features", "commits", .counter, "transactions", "states written"),
        Metric("features", "written_users", .counter, "users", "states in those transactions"),
        Metric("features", "commit_ms_mean", .gauge, "milliseconds", "mean time of a commit"),
        Metric(
            "features", "checkpoint_ms", .gauge, "milliseconds",
            "how long a change waits for a commit at present"),
        Metric("features", "state_requests", .counter, "users", "states asked for by scoring"),
        Metric("features", "unreadable", .counter, "records", "in the log but not readable"),
        Metric(
            "features", "failures", .counter, "failures",
            "folds that failed and were asked for again"),
        Metric("features", "disk_full", .gauge, "0 or 1", "1 while it waits for room on the disk"),
        Metric(
            "features", "states_ahead", .counter, "partitions",
            "set aside and folded again, because the log had lost its end"),
        Metric(
            "features", "states_refused", .gauge, "partitions",
            "whose state is of another log than this one"),
        Metric("features", "quarantined", .gauge, "records", "set aside: they killed a worker"),
        Metric("features", "left_out", .counter, "records", "passed over in a fold as quarantined"),
        Metric(
            "features", "crowded", .counter, "records",
            "of users for whom every row of the table was another's; see UserKeys"),
        Metric("features", "partitions_taken", .counter, "partitions", "taken over by lease"),
        Metric("features", "partitions_given", .counter, "partitions", "handed over"),
        Metric(
            "features", "partitions_fenced", .counter, "partitions",
            "dropped: a later owner was found"),
        Metric(
            "features", "partitions_damaged", .counter, "partitions",
            "whose state was found damaged or lost"),
        Metric(
            "features", "partitions_rebuilt", .counter, "partitions",
            "whose state was made anew from the log"),
        Metric(
            "features", "partitions_away", .gauge, "partitions",
            "being made anew, or that cannot be"),
        Metric(
            "features", "partitions_not_opened", .counter, "partitions",
            "whose store could not be opened"),
        Metric("features", "giving_ms_max", .gauge, "milliseconds", "longest handing over"),
        Metric("features", "taking_ms_max", .gauge, "milliseconds", "longest taking over"),
    ]

    static let trainer: [Metric] = [
        Metric("trainer", "interactions", .gauge, "interactions", "held for training"),
        Metric("trainer", "examples", .gauge, "examples", "held for training"),
        Metric(
            "trainer", "examples_skipped", .counter, "examples",
            "of another width, or beyond the limit"),
        Metric("trainer", "training_rounds", .counter, "rounds", "of training ended"),
        Metric("trainer", "training", .gauge, "0 or 1", "1 while it trains"),
        Metric(
            "trainer", "failures", .counter, "failures", "of reading, answering or writing"),
        Metric(
            "trainer", "version", .gauge, "version", "newest of each model", label: "model"),
        Metric("trainer", "audience_users", .gauge, "users", "in the index of audiences"),
        Metric("trainer", "audience_moves", .counter, "moves", "joins and leaves published"),
        Metric(
            "trainer", "audience_pending", .gauge, "users",
            "changed, and not yet seen as committed"),
        Metric(
            "trainer", "audience_complete", .gauge, "0 or 1",
            "1 once all users were read since the start"),
        Metric("trainer", "audience_failures", .counter, "failures", "of following"),
    ]

    static let scoring: [Metric] = [
        Metric("scoring", "requests", .counter, "requests", "by kind", label: "kind"),
        Metric("scoring", "errors", .counter, "answers", "refusals by error code", label: "code"),
        Metric("scoring", "answered", .counter, "answers", "of all kinds"),
        Metric("scoring", "cache_hits", .counter, "requests", "whose profile was held and fresh"),
        Metric(
            "scoring", "cache_misses", .counter, "requests", "whose profile had to be asked for"),
        Metric(
            "scoring", "stale_answers", .counter, "answers",
            "from a profile that may be out of date"),
        Metric("scoring", "fallback_answers", .counter, "answers", "without anything personal"),
        Metric("scoring", "parked", .gauge, "requests", "that wait for a profile"),
        Metric("scoring", "models_refused", .counter, "models", "with a wrong checksum or shape"),
        Metric("scoring", "failures", .counter, "failures", "of reading what others sent"),
        Metric(
            "scoring", "latency_p50_us", .gauge, "microseconds",
            "half of the answers took at most this"),
        Metric(
            "scoring", "latency_p99_us", .gauge, "microseconds",
            "99 of 100 answers took at most this"),
        Metric("scoring", "moved_partitions", .counter, "partitions", "that changed their owner"),
        Metric(
            "scoring", "not_owner", .counter, "answers", "of workers that do not own a partition"
        ),
        Metric("scoring", "profiles_held", .gauge, "profiles", "in memory"),
        Metric("scoring", "items", .gauge, "items", "in the catalogue"),
        Metric("scoring", "links", .gauge, "links", "between identifiers of persons"),
        Metric("scoring", "change_gaps", .counter, "gaps", "announcements missed"),
        Metric(
            "scoring", "version", .gauge, "version", "served of each model", label: "model"),
    ]

    static let supervisor: [Metric] = [
        Metric(
            "supervisor", "partitions_balanced", .gauge, "0 or 1", "1 if all lie as they should"),
        Metric("supervisor", "features_by_hand", .gauge, "0 or 1", "number set by limn scale"),
        Metric("supervisor", "scoring_by_hand", .gauge, "0 or 1", "number set by limn scale"),
        Metric("supervisor", "scaled_by_load", .counter, "changes", "of numbers of processes"),
        Metric("supervisor", "features_wanted", .gauge, "processes", "to run, of features"),
        Metric("supervisor", "scoring_wanted", .gauge, "processes", "to run, of scoring"),
        Metric("supervisor", "restarts_left", .gauge, "steps", "of the rolling restart under way"),
        Metric("supervisor", "rolling_restarts", .counter, "restarts", "that came to their end"),
        Metric("supervisor", "rolling_restarts_given_up", .counter, "restarts", "that did not"),
        Metric("supervisor", "orphans_ended", .counter, "processes", "left behind by roles"),
        Metric(
            "supervisor", "assignment_version", .counter, "versions", "of the partitions' owners"),
        Metric(
            "supervisor", "partitions_held", .gauge, "partitions", "with an owner that has them"),
        Metric("supervisor", "partitions_moving", .gauge, "partitions", "on their way"),
        Metric("supervisor", "partitions_moved", .counter, "partitions", "moved on purpose"),
        Metric(
            "supervisor", "partitions_taken_over", .counter, "partitions",
            "of dead or silent workers"),
        Metric("supervisor", "pause_ms_last", .gauge, "milliseconds", "pause of the newest move"),
        Metric(
            "supervisor", "pause_ms_p50", .gauge, "milliseconds",
            "median pause of the newest 512 moves"),
        Metric(
            "supervisor", "pause_ms_p99", .gauge, "milliseconds",
            "99 of 100 of those paused at most this"),
        Metric("supervisor", "pause_ms_max", .gauge, "milliseconds", "longest pause"),
        Metric(
            "supervisor", "pause_ms_release_max", .gauge, "milliseconds",
            "longest time until the old owner of a moved partition let go"),
        Metric(
            "supervisor", "pause_ms_take_max", .gauge, "milliseconds",
            "longest time from there until the new owner had it"),
        Metric(
            "supervisor", "pause_ms_serve_max", .gauge, "milliseconds",
            "longest time from there until its first answer from the log"),
        Metric("supervisor", "pauses_over_200_ms", .counter, "partitions", "that paused longer"),
        Metric(
            "supervisor", "http_requests", .counter, "requests", "for metrics, health and status"),
    ]
}
