/// Everything a person can set; every field has a default, and `Deploy/limn.json5` explains each.
package struct Configuration: Sendable, Equatable {
    package var ingest = Ingest()
    package var retention = Retention()
    package var features = Features()
    package var cleaning: [CleaningRule] = []
    package var tags: [Tag] = []
    package var audiences = Audiences()
    package var risk = Risk()
    package var trainer = Trainer()
    package var scoring = Scoring()
    package var scaling = Scaling()
    package var supervisor = Supervisor()
    package var log = LogSettings()

    package init() {}

    /// Taking events in.
    package struct Ingest: Sendable, Equatable {
        package var listen = "tcp://127.0.0.1:7410"
        package var groupRecordsMax = 2000
        package var fetchBytesMax = 1 << 20
        package var tailBytesMax = 64 << 20
        package var spoolBytesMax = 2 << 30
        package var diskFreeMin = 128 << 20
        package var dedupeWindow: Duration = .seconds(86_400)
        package var dedupeIdsMax = 1_000_000
        /// Names of producers that one key may have.
        package var producersPerKey = 1000
        package var rejectsMax = 100_000
        package var rejectsBytesMax = 256 << 20
        /// Of one person.
        package var identifiersMax = 50
        /// By commas.
        package var identifiersBlocked = ""

        package init() {}
    }

    /// What is kept on disk, and for how long.
    package struct Retention: Sendable, Equatable {
        /// Zero = for ever.
        package var logAge: Duration = .zero
        /// 0 = without limit.
        package var logBytes = 0
        package var every: Duration = .seconds(600)
        /// Per partition; 0 = all.
        package var outboxEntries = 500_000
        /// Zero = for ever.
        package var producerAge: Duration = .seconds(400 * 86_400)

        package init() {}
    }

    /// Folding events into the state of users.
    package struct Features: Sendable, Equatable {
        package var workers = 1
        /// The load may ask for as many; 0 = no more than `workers`.
        package var workersMax = 0
        /// 0 = by memory.
        package var hotUsersMax = 0
        package var commitMs = 200
        package var fetchBytes = 1 << 20

        package init() {}
    }

    /// Users by a condition, which the language of expressions checks and understands.
    package struct Tag: Sendable, Equatable {
        package var name: String
        package var when = ""
        package var value = ""
        package var meaning = ""

        package init(_ name: String) { self.name = name }
    }

    /// Telling who joins and leaves.
    package struct Audiences: Sendable, Equatable {
        /// Empty: on this host alone.
        package var listen = ""

        package init() {}
    }

    /// Answering requests.
    package struct Scoring: Sendable, Equatable {
        package var processes = 1
        /// The load may ask for as many; 0 = no more than `processes`.
        package var processesMax = 0
        package var listen = "tcp://127.0.0.1:7420"
        package var profilesMax = 50_000
        package var defaultTimeoutMs = 200
        package var candidatesMax = 500
        package var requestsInFlightMax = 1000
        package var leaveOut = LeaveOut()

        package init() {}
    }

    /// What is left out of a list.
    package struct LeaveOut: Sendable, Equatable {
        package var purchased = true
        package var inCart = true
        package var hidden = true
        /// Rated or reviewed, as far as the newest events of a user reach.
        package var rated = true
        /// Viewed, clicked or read, as far as the newest events of a user reach.
        package var viewed = false

        package init() {}
    }

    /// When the load changes the number of processes.
    package struct Scaling: Sendable, Equatable {
        package var upAfter: Duration = .seconds(10)
        package var downAfter: Duration = .seconds(300)
        package var pause: Duration = .seconds(30)
        package var busy = 0.85

        package init() {}
    }

    /// Watching the roles.
    package struct Supervisor: Sendable, Equatable {
        package var readyTimeout: Duration = .seconds(20)
        package var backoffFirst: Duration = .milliseconds(100)
        package var backoffMax: Duration = .seconds(5)
        package var restartsMax = 5
        package var restartsWithin: Duration = .seconds(30)
        package var failedRetry: Duration = .seconds(60)
        package var silentMax: Duration = .seconds(5)
        package var stuckMax: Duration = .seconds(30)
        package var stopGrace: Duration = .seconds(5)
        package var http = "127.0.0.1:7430"

        package init() {}
    }

    /// What is written to the log files.
    package struct LogSettings: Sendable, Equatable {
        package var level: Log.Level = .info
        package var format: Log.Format = .text
        package var fileBytesMax = 16 << 20
        /// With the one that is written.
        package var filesMax = 4
        package var repeatWindow: Duration = .seconds(10)
        package var linesMax = 100
        package var traceLinesMax = 20

        package var limits: LogLimits {
            var limits = LogLimits()
            limits.window = repeatWindow
            limits.linesMax = linesMax
            limits.traceLinesMax = traceLinesMax
            return limits
        }

        package init() {}
    }
}
