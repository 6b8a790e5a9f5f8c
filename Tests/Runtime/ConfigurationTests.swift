import Messages
import PlainText
import System
import Testing

@testable import Runtime

@Suite("The configuration says what is wrong, where, and what was meant", .timeLimit(.minutes(5)))
struct ConfigurationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let message: String
        var testDescription: String { message }
    }

    static let wrong: [Case] = [
        Case(
            text: "{\n  ingest: {\n    groupRecordMax: 5,\n  },\n}",
            message: "c:3: ingest.groupRecordMax: there is no key \"groupRecordMax\" here; "
                + "did you mean \"groupRecordsMax\"?"),
        Case(
            text: "{ zzzzzzzzz: 1 }",
            message: "c:1: zzzzzzzzz: there is no key \"zzzzzzzzz\" here; known are ingest, "
                + "retention, features, cleaning, tags, audiences, risk, trainer, scoring, "
                + "scaling, supervisor, log"),
        Case(
            text: "{ // comment {\n  features: { workers: 65 } }",
            message: "c:2: features.workers: must be a whole number from 1 to 64, not 65"),
        Case(
            text: "{ features: { workers: 1.5 } }",
            message: "c:1: features.workers: must be a whole number from 1 to 64, not 1.5"),
        Case(
            text: "{\n\n'trainer': { als: { \"alpha\": '10' } } }",
            message: "c:3: trainer.als.alpha: must be a number from 0 to 10000, not \"10\""),
        Case(
            text: "{ trainer: { every: \"1 hour\" } }",
            message: "c:1: trainer.every: must be a time from \"0\" to \"365 d\" "
                + "(units ms, s, min, h, d), not \"1 hour\""),
        Case(
            text: "{ trainer: { onStart: 1 } }",
            message: "c:1: trainer.onStart: must be true or false, not 1"),
        Case(
            text: "{ log: { level: 'loud' } }",
            message: "c:1: log.level: must be one of \"debug\", \"info\", \"warning\", \"error\", "
                + "not \"loud\""),
        Case(
            text: "{ ingest: { listen: 'tcp://127.0.0.1:70000' } }",
            message: "c:1: ingest.listen: must be \"tcp://ADDRESS:PORT\" such as "
                + "\"tcp://127.0.0.1:7410\", or \"\" for none, not \"tcp://127.0.0.1:70000\""),
        Case(
            text: "{ log: 5 }", message: "c:1: log: must be an object { … }, not 5"),
        Case(
            text: "{ log: { level: 'info' },\n log: { level: 'debug' } }",
            message: "c:2: log: this key is set twice\nc:2: log.level: this key is set twice"),
        Case(
            text: "{ scoring: { listen: 'tcp://0.0.0.0:7409', processes: 3 } }",
            message: "c:1: scoring.listen: port 7410 is ingest.listen's already"),
        Case(
            text: "{\n tags: {\n vip: 5,\n new: { wen: 'true' } } }",
            message: "c:3: tags.vip: must be a text of 1 to 4096 bytes, not 5\n"
                + "c:4: tags.new.wen: there is no key \"wen\" here; did you mean \"when\"?\n"
                + "c:4: tags.new.when: is missing: the condition of the tag"),
        Case(
            text: "{ risk: {\n review: 0.9,\n rules: {\n a: { when: 'true', action: 'stop' },\n"
                + " b: { score: 2 } } } }",
            message: "c:2: risk.review: must not be above risk.block\n"
                + "c:4: risk.rules.a.action: must be one of \"allow\", \"review\", \"block\", "
                + "not \"stop\"\n"
                + "c:4: risk.rules.a.score: is missing: 0 to 1, how much the rule says\n"
                + "c:5: risk.rules.b.score: must be a number from 0 to 1, not 2\n"
                + "c:5: risk.rules.b.when: is missing: the condition of the rule"),
        Case(text: "[]", message: "c:1: the configuration must be an object { … }"),
    ]

    @Test(arguments: wrong)
    func wrongTextsAreRefused(_ wrong: Case) throws {
        do throws(ConfigurationFailure) {
            _ = try Configuration.parse(wrong.text, file: "c")
            Issue.record("accepted: \(wrong.text)")
        } catch {
            #expect(error.description == wrong.message)
        }
    }

    static let broken: [Case] = [
        Case(
            text: "{\n  log: {\n    name: @\n  }\n}",
            message: "c:3: not JSON5: \"@\" stands where a value is expected"),
        Case(
            text: "{\n trainer: {},\n log: }",
            message: "c:3: not JSON5: \"}\" stands where a value is expected"),
        Case(
            text: "{\n trainer: {}\n log: {} }",
            message: "c:3: not JSON5: \"l\" stands where \",\" or \"}\" is expected"),
        Case(text: "{ a: 'x\n}", message: "c:1: not JSON5: this text has no closing quote"),
        Case(text: "{ /* {\n\n}", message: "c:1: not JSON5: this comment has no end"),
        Case(
            text: "", message: "c:1: not JSON5: the text ends where a value is expected"),
        Case(
            text: "{\n} x", message: "c:2: not JSON5: something follows the end"),
    ]

    @Test(arguments: broken)
    func brokenSyntaxNamesItsLine(_ broken: Case) throws {
        do throws(ConfigurationFailure) {
            _ = try Configuration.parse(broken.text, file: "c")
            Issue.record("accepted")
        } catch {
            #expect(error.description == broken.message)
        }
    }

    @Test func theFinderFindsNoMistakeInGoodTexts() {
        #expect(SyntaxFinder.firstMistake(in: Configuration.defaultText) == nil)
    }

    @Test func theDefaultTextSetsEveryKeyToItsDefault() throws {
        let (configuration, missing) = try Configuration.parseNotingMissing(
            Configuration.defaultText, file: "default")
        #expect(missing == [])
        #expect(configuration == Configuration())
    }

    @Test func tagsKeepTheOrderOfTheirLines() throws {
        let text = "{ tags: {\n z: 'true',\n a: { when: 'false', meaning: 'none' } } }"
        let tags = try Configuration.parse(text, file: "c").tags
        #expect(tags.map(\.name) == ["z", "a"])
        #expect(tags.map(\.when) == ["true", "false"])
        #expect(tags.map(\.meaning) == ["", "none"])
    }

    @Test func theFieldsAreNamedLikeTheKeys() throws {
        let (_, missing) = try Configuration.parseNotingMissing("{}", file: "empty")
        // Absent sections are noted with their own name too.
        let sections = [
            "ingest", "retention", "features", "audiences", "risk", "trainer", "scoring",
            "scaling", "supervisor", "log",
        ]
        let nested = [
            "trainer.weights", "trainer.als", "trainer.trees", "scoring.leaveOut",
        ]
        let keys = Set(missing).subtracting(sections + nested)
        #expect(Set(Configuration().keys.map(\.key)) == keys)
    }

    @Test func theDocumentedFileIsTheDefaultText() throws {
        let file = #filePath.replacing("Tests/Runtime/ConfigurationTests.swift", with: "")
        let text = try Files.readText("\(file)Deploy/limn.json5")
        #expect(text == Configuration.defaultText)
    }

    @Test func anEmptyObjectIsTheDefault() throws {
        #expect(try Configuration.parse("{}", file: "c") == Configuration())
    }

    @Test func valuesArrive() throws {
        let text = "{trainer: {every: '0', weights: {purchase: 9}}, features: {workers: 4}}"
        let configuration = try Configuration.parse(text, file: "c")
        #expect(configuration.trainer.every == .zero)
        #expect(configuration.trainer.weights[.purchase] == 9)
        #expect(configuration.trainer.weights[.login] == 0)
        #expect(configuration.features.workers == 4)
    }

    @Test(
        arguments: [
            ("500 ms", Duration.milliseconds(500)), ("1.5s", .milliseconds(1500)),
            ("10 min", .seconds(600)), ("1 h", .seconds(3600)), ("7 d", .seconds(604_800)),
            ("0", .zero),
        ])
    func durationsAreRead(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.parse(DurationText.write(duration)) == duration)
    }

    @Test(arguments: ["", "5", "s", "-1 s", "1e400 d", "nan s", "5 S"])
    func otherTextsAreNoDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func suggestionsAreNearOrAbsent() {
        let known = ["workers", "commitMs", "fetchBytes"]
        #expect(Suggestion.nearest(to: "worker", among: known) == "workers")
        #expect(Suggestion.nearest(to: "COMMITMS", among: known) == "commitMs")
        #expect(Suggestion.nearest(to: "password", among: known) == nil)
        #expect(EditDistance.between(Array("kitten"), Array("sitting")) == 3)
        #expect(EditDistance.between(Array(""), Array("abc")) == 3)
    }
}
