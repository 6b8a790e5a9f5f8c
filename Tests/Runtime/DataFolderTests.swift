import Glibc
import Messages
import System
import TestSupport
import Testing
import ZeroMQ

@testable import Runtime

@Suite("A data folder is private, complete, or refused with what to do", .timeLimit(.minutes(5)))
struct DataFolderTests {
    @Test func initialisingMakesPrivateKeysAndTheDefaultConfiguration() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        #expect(try Files.mode(folder.keysFolder) == 0o700)
        let names = try Files.list(folder.keysFolder)
        #expect(
            names == [
                "authorised.json5", "client.json", "client.key", "hash.key", "operator.key",
                "role.key", "server.key", "server.public",
            ])
        for name in names { #expect(try Files.mode("\(folder.keysFolder)/\(name)") == 0o600) }
        try folder.requireInitialised()
        #expect(try Configuration.load(folder.configurationFile) == Configuration())
        #expect(throws: StartFailure.self) { try DataFolder.initialise(folder.path) }
    }

    @Test func verbsFollowTheKeys() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let table = try Authorisation.load(folder)
        func user(_ holder: Keys.Holder) throws -> String {
            try Keys.load(folder, as: holder).own.publicKey.text
        }
        let client = try user(.client)
        #expect(table.allows(client, .eventBatch) && table.allows(client, .recommendRequest))
        for kind in [Kind.fetch, .stop, .trainRequest, .hello, .stateRequest, .statusRequest] {
            #expect(!table.allows(client, kind), "\(kind.name)")
        }
        let person = try user(.operator)
        #expect(table.allows(person, .stop) && table.allows(person, .trainRequest))
        #expect(!table.allows(person, .hello))
        #expect(try table.allows(user(.role), .hello))
        #expect(!table.allows(nil, .recommendRequest) && !table.allows("stranger", .eventBatch))
        #expect(table.users.count == 3)
    }

    @Test func keysThatOthersCanReadAreRefused() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        let path = "\(folder.keysFolder)/client.key"
        try Files.writeAtomically(path, Files.read(path), mode: 0o644)
        do throws(StartFailure) {
            _ = try Keys.load(folder, as: .client)
            Issue.record("an exposed key was used")
        } catch {
            #expect(error.exit == .permission)
            #expect(error.hint == "chmod 600 \(path)")
        }
    }

    /// Everything of a new folder, as wide as a careless copy makes it, but the keys.
    private func wideFolder(_ parent: String) throws -> DataFolder {
        let folder = try DataFolder.initialise("\(parent)/shop")
        let files = [
            folder.audiencesFile, folder.leasesFile, folder.eventLogFile,
            "\(folder.logsFolder)/ingest-0.log.1", "\(folder.stateFolder)/partition-00.sqlite",
            "\(folder.modelsFolder)/als/1.safetensors", "\(folder.baseFolder)/state/a.sqlite-wal",
            folder.runRecordFile,
        ]
        for file in files {
            try Files.makeFolder(Files.parent(of: file))
            try Files.writeAtomically(file, [1], mode: 0o666)
        }
        for path in [folder.path, folder.stateFolder, "\(folder.modelsFolder)/als"] {
            #expect(unsafe chmod(path, 0o755) == 0)
        }
        #expect(unsafe chmod(folder.configurationFile, 0o644) == 0)
        return folder
    }

    @Test func whatOthersCouldReachIsNarrowedAndNamed() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try wideFolder(parent)
        let elsewhere = "\(parent)/elsewhere"
        try Files.writeAtomically(elsewhere, [1], mode: 0o644)
        #expect(unsafe symlink(elsewhere, "\(folder.logsFolder)/link") == 0)
        try KeyFiles.check(folder)
        let found = try folder.narrow()
        #expect(found.count == 12, "\(found)")
        #expect(found.contains("\(folder.audiencesFile) (666)"))
        #expect(found.contains("\(folder.path) (755)"))
        #expect(try FolderCheck.wide(folder.path) == [])
        #expect(try Files.mode(elsewhere) == 0o644, "a link is not followed")
        #expect(try folder.narrow() == [], "there is nothing left to say")
    }

    @Test(
        "A secret that others could read, or a table that they could write, is refused",
        arguments: [
            ("keys/client.json", UInt32(0o644)), ("keys/role.key", 0o640),
            ("keys/server.key", 0o604), ("keys/authorised.json5", 0o666),
            ("keys/authorised.json5", 0o620),
            ("limn.json5", 0o602),
        ])
    func whatDecidesMustNotHaveBeenOpen(name: String, mode: UInt32) throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let folder = try DataFolder.initialise("\(parent)/shop")
        try KeyFiles.check(folder)
        #expect(unsafe chmod("\(folder.path)/\(name)", mode) == 0)
        do throws(StartFailure) {
            try KeyFiles.check(folder)
            Issue.record("accepted")
        } catch {
            #expect(error.exit == .permission)
            #expect(error.message.contains("/shop/\(name), "))
            #expect(error.message.contains("mode \(String(mode, radix: 8))"))
            #expect(error.hint.contains("chmod 600 "))
        }
    }

    @Test func aFolderMadeBeforeIsNarrowedByInit() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        try Files.makeFolder("\(parent)/shop", mode: 0o755)
        #expect(unsafe chmod("\(parent)/shop", 0o755) == 0)
        let folder = try DataFolder.initialise("\(parent)/shop")
        #expect(try FolderCheck.wide(folder.path) == [])
    }

    @Test func onlyWhoMayAskHearsPublishers() throws {
        let keys = try (0..<4).map { _ in try KeyPair.generate().publicKey.text }
        let table = try Authorisation.parse(
            """
            {"\(keys[0])": {name: "till", may: ["produce"]},
             "\(keys[1])": {name: "site", may: ["produce", "ask"]},
             "\(keys[2])": {name: "boss", may: ["operate"]},
             "\(keys[3])": {name: "nobody", may: []}}
            """)
        for role in [SocketRole.publisher, .audiencePublisher] {
            let allowed = try #require(table.reserved[role.domain])
            #expect(Set(allowed.map(\.text)) == [keys[1], keys[2]])
        }
        let fewer = try Authorisation.parse(
            """
            {"\(keys[0])": {name: "till", may: ["produce"]},
             "\(keys[1])": {name: "site", may: ["produce"]},
             "\(keys[2])": {name: "boss", may: ["operate"]}}
            """)
        #expect(fewer.silences(table) && !table.silences(fewer))
        #expect(
            Set(fewer.changes(from: table)) == [
                "key site: may produce, ask → produce", "key nobody: revoked",
            ])
    }

    @Test func aFolderThatIsNoneSaysHowToMakeIt() throws {
        do throws(StartFailure) {
            try DataFolder("/nowhere/shop").requireInitialised()
            Issue.record("accepted")
        } catch {
            #expect(error.exit == .configuration)
            #expect(
                error.description
                    == "/nowhere/shop does not exist\n  → limn init --folder /nowhere/shop")
        }
    }

    @Test func longPathsGetAShortRunFolder() throws {
        let long = "/" + String(repeating: "x", count: 120)
        let folder = try DataFolder(long, runtimeFolder: "/run/user/1")
        #expect(folder.runFolder.hasPrefix("/run/user/1/limn-"))
        #expect(try DataFolder(long, runtimeFolder: long).runFolder.hasPrefix("/tmp/limn-"))
        #expect(try DataFolder("/a", runtimeFolder: nil).runFolder == "/a/run")
        let endpoints = Endpoints(folder: folder, configuration: Configuration())
        let longest = endpoints.changes(63).dropFirst("ipc://".count)
        #expect(longest.utf8.count <= 107)
    }

    @Test func theRunFolderOfALivingSupervisorIsUsed() throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(parent) }
        let long = "\(parent)/" + String(repeating: "x", count: 120)
        try Files.makeFolder(long)
        let mine = try DataFolder(long, runtimeFolder: "\(parent)/a")
        try RunPlace.note(mine)
        let seen = try DataFolder(long, runtimeFolder: "\(parent)/b")
        #expect(seen.runFolder == mine.runFolder && seen.runFolder.hasPrefix("\(parent)/a/"))
        let pid = ProcessFacts.currentPid()
        let ticks = try #require(ProcessFacts.startTicks(pid: pid))
        for stale in [
            "\(mine.runFolder)\n\(pid)\n\(ticks + 1)\n", "\(mine.runFolder)\n1\n\(ticks)\n", "",
            "x",
            "relative\n\(pid)\n\(ticks)\n",
        ] {
            try Files.writeAtomically(mine.runPlaceFile, Array(stale.utf8))
            let other = try DataFolder(long, runtimeFolder: "\(parent)/b")
            #expect(other.runFolder.hasPrefix("\(parent)/b/"), "\(stale)")
        }
    }

    @Test func theLastPathThatFitsFits() throws {
        for length in 60...107 {
            let folder = try DataFolder(
                "/" + String(repeating: "x", count: length - 1), runtimeFolder: nil)
            let endpoints = Endpoints(folder: folder, configuration: Configuration())
            #expect(endpoints.changes(63).utf8.count - 6 <= 107, "\(length)")
        }
    }

    @Test func endpointsFollowTheConfiguration() throws {
        var configuration = Configuration()
        configuration.features.workers = 3
        configuration.scoring.processes = 2
        let folder = try DataFolder("/shop", runtimeFolder: nil)
        let endpoints = Endpoints(folder: folder, configuration: configuration)
        #expect(endpoints.ingestListen == ["ipc:///shop/run/ingest.ipc", "tcp://127.0.0.1:7410"])
        #expect(endpoints.scoringListen(1).last == "tcp://127.0.0.1:7421")
        let owned = (0..<3).flatMap { endpoints.partitions(ofWorker: $0) }
        #expect(owned.sorted() == Array(0..<64), "each partition has exactly one worker")
        configuration.ingest.listen = ""
        let local = Endpoints(folder: folder, configuration: configuration)
        #expect(local.ingestListen.count == 1)
    }
}
