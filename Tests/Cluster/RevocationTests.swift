import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing
import ZeroMQ

extension ClusterTests {
    @Suite("A key may what the table says, from the reload on that changed it")
    struct RevocationTests {
        private static func settings(_ ingest: String = "") -> String {
            """
            {
              ingest: {listen: "\(ingest)"}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"}, supervisor: {http: ""},
              tags: {seen: {when: "stats.events_life > 0", meaning: "was here"}},
            }
            """
        }

        /// Somebody with a key of their own.
        private struct Stranger {
            let name: String
            let may: String
            let keys: Keys

            init(_ name: String, may: String, _ cluster: ClusterHarness) throws {
                self.name = name
                self.may = may
                let server = try cluster.keys(.client).serverPublicKey
                keys = Keys(own: try KeyPair.generate(), server: nil, serverPublicKey: server)
            }

            var line: String {
                "  \"\(keys.own.publicKey.text)\": {name: \"\(name)\", may: [\(may)]},\n"
            }
        }

        /// Hears one publisher.
        private final class Listener {
            private let socket: Socket

            init(_ who: Stranger, _ endpoint: String, _ role: SocketRole) throws {
                let opened = try Socket(role, in: Context(), security: who.keys.connecting)
                try opened.subscribe()
                try opened.connect(endpoint)
                socket = opened
            }

            func hears() throws -> Bool {
                var any = false
                while try socket.receive() != nil { any = true }
                return any
            }
        }

        private func listeners(
            _ who: Stranger, _ cluster: ClusterHarness
        ) throws -> [(String, Listener)] {
            let places = cluster.endpoints
            return [
                ("changes", try Listener(who, places.changes(0), .subscriber)),
                ("models", try Listener(who, places.models, .subscriber)),
                ("audiences", try Listener(who, places.audiences, .audienceSubscriber)),
            ]
        }

        private func allow(
            _ strangers: [Stranger], _ cluster: ClusterHarness, _ table: String
        ) throws {
            let text = table.replacing("}\n\n", with: "}\n")
            let end = try #require(text.lastIndex(of: "}"))
            let whole = text[..<end] + strangers.map(\.line).joined() + "}\n"
            try Files.writeAtomically(cluster.folder.authorisedFile, Array(whole.utf8))
        }

        private func code(
            _ line: RawLine, _ question: some WireMessage, _ kind: Kind
        ) throws -> ErrorCode? {
            try line.code(Frame.encode(Header(kind: kind), body: question))
        }

        @Test("A revoked key is refused on the connection it has, and hears no publisher any more")
        func revoked() throws {
            let cluster = try ClusterHarness(configuration: Self.settings())
            let table = try Files.readText(cluster.folder.authorisedFile)
            let till = try Stranger("till", may: "\"produce\"", cluster)
            let site = try Stranger("site", may: "\"ask\"", cluster)
            let stays = try Stranger("stays", may: "\"produce\", \"ask\"", cluster)
            try allow([till, site, stays], cluster, table)
            try cluster.start()
            let places = cluster.endpoints
            var batch = EventBatch()
            batch.producer = "till"
            (batch.epoch, batch.sequence) = (1, 1)
            batch.records = [Record()]
            batch.records[0].content = .event(BadInputTests.good("u1"))
            let pays = try RawLine(places.ingest, .event, keys: till.keys)
            let asks = try RawLine(places.scoring(0), .scoring, keys: site.keys)
            var question = ProfileRequest()
            question.userID = "u1"
            #expect(try code(pays, batch, .eventBatch) == nil)
            #expect(try code(asks, question, .profileRequest) == nil)
            // Who only sends events hears nothing, of whatever is published.
            let deaf = try listeners(till, cluster)
            let heard = try listeners(site, cluster)
            let loyal = try listeners(stays, cluster)
            for (what, listener) in heard + loyal where what != "models" {
                try wait(for: what, within: .seconds(20)) { try listener.hears() ? () : nil }
            }
            let pids = try cluster.waitReady().roles.map(\.pid)

            try allow([stays], cluster, table)
            let reload = try Programs.run("limn", ["reload", "--folder", cluster.folder.path])
            #expect(
                reload.output.split(separator: "\n").sorted()
                    == ["key site: revoked", "key till: revoked"])
            try wait(for: "the refusal of the till", within: .seconds(10)) {
                batch.sequence += 1
                return try code(pays, batch, .eventBatch) == .notAuthorised ? () : nil
            }
            try wait(for: "the refusal of the site", within: .seconds(10)) {
                try code(asks, question, .profileRequest) == .notAuthorised ? () : nil
            }
            for (_, listener) in heard { _ = try listener.hears() }
            // Beacons come each second; who may hear them hears two, who may not hears none.
            for _ in 0..<2 {
                for (what, listener) in loyal where what != "models" {
                    try wait(for: what, within: .seconds(20)) { try listener.hears() ? () : nil }
                }
            }
            for (what, listener) in heard + deaf { #expect(try !listener.hears(), "\(what)") }
            let after = try cluster.waitReady().roles.map(\.pid)
            #expect(after == pids, "nothing was started anew: \(cluster.lastWords)")
            let again = try RawLine(places.scoring(0), .scoring, keys: stays.keys)
            #expect(try code(again, question, .profileRequest) == nil)
            try cluster.stop()
        }

        @Test("Connections of a revoked key that come from elsewhere are ended")
        func ended() throws {
            let place = "tcp://127.0.0.1:\(WebProbe.freePort())"
            let cluster = try ClusterHarness(configuration: Self.settings(place))
            let table = try Files.readText(cluster.folder.authorisedFile)
            let till = try Stranger("till", may: "\"produce\"", cluster)
            try allow([till], cluster, table)
            try cluster.start()
            var batch = EventBatch()
            batch.producer = "till"
            (batch.epoch, batch.sequence) = (1, 1)
            batch.records = [Record()]
            batch.records[0].content = .event(BadInputTests.good("u1"))
            let pays = try RawLine(place, .event, keys: till.keys)
            #expect(try code(pays, batch, .eventBatch) == nil)
            try allow([], cluster, table)
            let reload = try Programs.run("limn", ["reload", "--folder", cluster.folder.path])
            #expect(reload.output == "key till: revoked\n")
            try wait(for: "the end of the connection", within: .seconds(20)) {
                let ingest = try #require(cluster.status()).roles.first { $0.role == "ingest" }
                return ingest?.counters.contains { $0.name == "connections_cut" && $0.value >= 1 }
                    == true ? () : nil
            }
            #expect(throws: WaitedInVain.self, "there is no new connection") {
                try RawLine(place, .event, keys: till.keys).send([1])
            }
            try cluster.stop()
        }

        @Test("A broken table changes nothing, one without the roles' own key neither")
        func refused() throws {
            try ClusterHarness.withCluster { cluster in
                let file = cluster.folder.authorisedFile
                let table = try Files.readText(file)
                let own = try cluster.keys(.role).own.publicKey.text
                for (text, reason) in [
                    ("{oops", "cannot use"), ("{}", "own key"),
                    (table.replacing(own, with: try KeyPair.generate().publicKey.text), "own key"),
                ] {
                    try Files.writeAtomically(file, Array(text.utf8))
                    let reload = try Programs.run(
                        "limn", ["reload", "--folder", cluster.folder.path])
                    #expect(reload.status != .exited(0) && reload.output.contains(reason))
                }
                // Whoever starts again meanwhile reads what was accepted.
                let before = try cluster.pid(of: .scoring)
                kill(before, SIGKILL)
                try wait(for: "the new scoring process", within: .seconds(20)) {
                    let status = cluster.status()
                    return status?.state == "ready"
                        && status?.roles.first { $0.role == "scoring" }?.pid != UInt32(before)
                        ? () : nil
                }
            }
        }

        @Test("What a running cluster makes is for its owner alone, whatever the umask")
        func modes() throws {
            try ClusterHarness.withCluster(configuration: Self.settings()) { cluster in
                let folder = cluster.folder.path
                let sent = try Programs.run(
                    "limn", ["send", "--user", "u1", "--item", "i1", "--folder", folder])
                #expect(sent.status == .exited(0))
                _ = try Programs.run("limn", ["train", "--folder", folder])
                let backup = "\(Files.parent(of: folder))/backup"
                let made = try Programs.run("limn", ["backup", backup, "--folder", folder])
                #expect(made.status == .exited(0), "\(made.output)")
                try wait(for: "the audiences", within: .seconds(20)) {
                    Files.exists(cluster.folder.audiencesFile) ? () : nil
                }
                #expect(try FolderCheck.wide(folder) == [])
                #expect(try FolderCheck.wide(backup) == [])
                try Files.removeTree(backup)
            }
        }
    }
}
