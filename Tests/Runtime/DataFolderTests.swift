import Messages
import System
import Testing
import ZeroMQ

@testable import Runtime

@Suite("A data folder is private, complete, or refused with what to do", .timeLimit(.minutes(1)))
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
