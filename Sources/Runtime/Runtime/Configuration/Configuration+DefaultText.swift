extension Configuration {
    /// The documented configuration that `limn init` writes; the same text as `Deploy/limn.json5`,
    /// here because a program must not depend on where its sources are.
    package static let defaultText = """
        // Limn's configuration (JSON5: comments, unquoted keys and trailing commas are fine).
        // Every key is listed here with its default; leave out what you do not change.
        // Check a changed file with: limn-supervisor --folder DIR --check
        {
          // limn-ingest takes events in and acknowledges what is on disk.
          ingest: {
            // Where producers connect besides the local socket; "" = local socket only.
            listen: "tcp://127.0.0.1:7410",
            // A commit takes about this many records at most; the rest goes into the next.
            groupRecordsMax: 2000,
            // Largest answer to one fetch, in bytes.
            fetchBytesMax: 1048576,
            // Newest records kept in memory, so that whoever keeps up costs no disk read; in bytes.
            tailBytesMax: 67108864,
            // Acknowledged bytes that the feature workers have not applied yet; from three quarters
            // on, producers above their fair share are to come back later, at the limit all are.
            spoolBytesMax: 2147483648,
            // With less free bytes on the disk of the log, batches are refused until there is room.
            diskFreeMin: 134217728,
            // Events in batches without a number are known by event_id for this long …
            dedupeWindow: "1 d",
            // … and so many of them, about 100 bytes each; beyond it such batches are refused.
            // Where several keys may send, none of them has more than half.
            dedupeIdsMax: 1000000,
            // Names of producers per key, but for keys that may operate; a name belongs to the
            // first key that uses it.
            producersPerKey: 1000,
            // Refused records kept for `limn rejects`; beyond either limit the oldest go.
            rejectsMax: 100000,
            rejectsBytesMax: 268435456,
            // Identifiers that links may join into one person; more are strangers at one device …
            identifiersMax: 50,
            // … and identifiers that are nobody's, by commas, besides null, guest and their like.
            identifiersBlocked: "",
          },

          // What is kept on disk. The log's oldest part goes once it is in the base, which has the
          // states as they were at the beginning of what is kept.
          retention: {
            // Records older than this go ("90 d"); "0" = the log is kept for ever.
            logAge: "0",
            // The oldest go when the log's file holds more than this, in bytes; 0 = no limit.
            logBytes: 0,
            // Time between two looks.
            every: "10 min",
            // Newest entries for the trainer kept per partition; 0 = all. The trainer holds
            // trainer.interactionsMax of all 64 partitions.
            outboxEntries: 500000,
            // Producers silent for longer are forgotten: repeats count again then. "0" = never.
            producerAge: "400 d",
          },

          // limn-features folds events into the state of users; 64 partitions are spread over them.
          features: {
            // Processes, 1 to 64.
            workers: 1,
            // While the load asks for it up to this (see scaling); 0 = no more than workers.
            workersMax: 0,
            // Users each worker keeps in memory, 2 to 8 kB each; others are read from disk.
            // 0 = as many as a quarter of the memory holds, shared by the workers.
            hotUsersMax: 0,
            // Changes wait this long for a commit, in ms; up to 5 s while much comes in.
            commitMs: 200,
            // Credit of one fetch from ingest, in bytes.
            fetchBytes: 1048576,
          },

          // What is done with records before they are written to the log: rules by name, in this
          // order. Each is for one field (as in Protocols/limn/v1/events.proto, or
          // properties.KEY), of one source or all, and of one kind of record (event, item, user)
          // or all that have the field. The steps: text (trim collapse lower upper halfwidth),
          // missing (texts that mean nothing), values (other spellings), factor (unit), min and
          // max or allowed with otherwise: clip, empty or reject, fill (by another field: by and
          // fills), required. A rule of once drops events that come again: fields, or all, and
          // within. limn quality counts what they did; limn quality FILE --rules suggests some.
          // For example:
          //   "till in cents": { source: "till", field: "price", factor: 0.01 },
          //   "price": { field: "price", min: 0.01, max: 10000, otherwise: "empty" },
          //   "brand": { field: "brand", text: "trim collapse", missing: ["n/a", "-"] },
          //   "double clicks": { once: "user_id type item_id", within: "2 s" },
          cleaning: {},

          // Tags of users: each a name and a condition; limn eval lists what can be asked, and
          // tries it. They stand in profiles and in limn tags, may ask for each other, and have
          // a value to be told with them:
          //   vip: { when: "stats.spend_90d > 1000", value: "stats.spend_90d" },
          //   sleeping: { when: "'vip' in tags && now - last_seen > 30d", meaning: "win back" },
          tags: {},

          // Every tag is an audience: the trainer publishes who joins and leaves (SUB, CURVE,
          // keys that may ask) for services on this host, and where an address is given for
          // others, such as "tcp://127.0.0.1:7440"; there one port further on it is told who
          // is in an audience.
          audiences: {
            listen: "",
          },

          // How risky users are: limn risk says who and why, profiles show it, after limn risk fit
          // with what stands out from everybody else.
          risk: {
            // From these scores on a user is to be looked at, and to be stopped.
            review: 0.5,
            block: 0.8,
            // The most that being unlike all others adds to a score.
            anomalyWeight: 0.3,
            // false = only the rules below.
            builtInRules: true,
            // Rules beside the built-in ones, or in the place of one of the same name: a condition
            // as of a tag; how much of the doubt it takes away; a reason, with values in braces;
            // and, if wanted, the action demanded at least. A score of 0 switches a rule off:
            //   refunds: { when: "stats.refund_rate > 0.5", score: 0.4,
            //              reason: "{stats.refund_rate %} given back", action: "review" },
            rules: {},
          },

          // limn-trainer makes models.
          trainer: {
            // Time between trainings ("30 min", "6 h", "1 d"); "0" = only on demand (limn train).
            every: "1 h",
            // Train once as soon as there is enough data.
            onStart: true,
            // Do not train on less than this.
            minInteractions: 500,
            // Newest interactions held in memory for training, an equal part for each of the 64
            // partitions.
            interactionsMax: 5000000,
            // Model versions kept on disk, at least 2.
            keepVersions: 3,
            // Neighbours kept per item by the item-to-item model.
            itemNeighbours: 100,
            // What was chosen counts half in popularity after this; "0" = it counts for ever.
            popularityHalfLife: "14 d",
            // "Will buy within …", in hours.
            propensityHorizonHours: 168,
            // How much one event says about liking its item; 0 = nothing.
            weights: {
              view: 1,
              click: 1,
              favourite: 3,
              cartAdd: 4,
              order: 5,
              purchase: 5,
              review: 2,
              rating: 1,
              share: 3,
            },
            // Implicit alternating least squares.
            als: {
              factors: 32,
              iterations: 10,
              regularisation: 1,
              // Confidence of a seen item is 1 + alpha × weight.
              alpha: 0.5,
            },
            // Gradient-boosted trees of the purchase model.
            trees: {
              rounds: 100,
              depth: 4,
              learningRate: 0.1,
            },
          },

          // limn-scoring answers requests for profiles and recommendations.
          scoring: {
            // Processes, 1 to 64.
            processes: 1,
            // While the load asks for it, as many as this; 0 = no more than processes.
            processesMax: 0,
            // Where applications connect besides the local socket; process i listens i ports
            // further on. "" = local socket only.
            listen: "tcp://127.0.0.1:7420",
            // Profiles each process keeps in memory.
            profilesMax: 50000,
            // Time to answer a request that names none, in ms.
            defaultTimeoutMs: 200,
            // Candidates that are ranked per request.
            candidatesMax: 500,
            // Requests in progress; beyond this askers are told "overloaded".
            requestsInFlightMax: 1000,
            // What is left out of a list of recommendations. Ratings and views count as far as
            // the newest 50 events of a user reach; the other three are kept on their own.
            leaveOut: {
              // Who asks may have them all the same (include_purchased).
              purchased: true,
              inCart: true,
              hidden: true,
              // Rated or reviewed.
              rated: true,
              // Viewed, clicked or read for a while.
              viewed: false,
            },
          },

          // When the load changes the numbers of processes, one at a time: features from workers to
          // workersMax, scoring from processes to processesMax. limn scale sets one by hand.
          scaling: {
            // One more when work waits for longer than a second, or one is busy, for so long.
            upAfter: "10 s",
            // One fewer when the others could do it with ease for this long.
            downAfter: "5 min",
            // Nothing for this long after a change.
            pause: "30 s",
            // Share of a core from which on a process counts as busy.
            busy: 0.85,
          },

          // limn-supervisor starts, watches and restarts the others.
          supervisor: {
            // A role must be ready within this time after its start.
            readyTimeout: "20 s",
            // Pause before the first restart; doubles with each one …
            backoffFirst: "100 ms",
            // … up to this.
            backoffMax: "5 s",
            // More restarts than this …
            restartsMax: 5,
            // … within this time mark a role as failed; the others keep running …
            restartsWithin: "30 s",
            // … and it is tried again after this.
            failedRetry: "1 min",
            // A role that is silent for longer is taken for stuck and killed.
            silentMax: "5 s",
            // A role that is alive and has work, but does none of it for longer, is killed as well.
            stuckMax: "30 s",
            // Each step of stopping (ask, SIGTERM, SIGKILL) waits this long.
            stopGrace: "5 s",
            // Where /metrics (Prometheus), /healthz, /readyz and /status.json are served, without
            // encryption or login, so leave it on 127.0.0.1; "" = nowhere.
            http: "127.0.0.1:7430",
          },

          log: {
            // "debug", "info", "warning" or "error".
            level: "info",
            // "text" or "json", one line each.
            format: "text",
            // A role's file is put aside while it is written when it holds so many bytes …
            fileBytesMax: 16777216,
            // … and so many of them are kept, with the one that is written.
            filesMax: 4,
            // What was said already is counted for so long, and then said once with its number …
            repeatWindow: "10 s",
            // … and so are different lines of one message beyond so many within that time …
            linesMax: 100,
            // … of those that traced batches leave, beyond so many.
            traceLinesMax: 20,
          },
        }

        """
}
