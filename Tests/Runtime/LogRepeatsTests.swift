import System
import Testing

@testable import Runtime

@Suite("What a log said a moment ago is counted, not said again")
struct LogRepeatsTests {
    private let key = LogRepeats.Key(level: .error, message: "disk")

    @Test("One line, then its number once the time is over; then it is said again")
    func counted() {
        var repeats = LogRepeats(window: .seconds(10))
        #expect(repeats.take(key, fields: 1, linesMax: 9, at: .zero) == (true, nil))
        for ms in 1...500 {
            let again = repeats.take(key, fields: 1, linesMax: 9, at: .milliseconds(ms))
            #expect(again == (false, nil))
        }
        #expect(repeats.due(at: .seconds(9)) == [])
        let later = repeats.take(key, fields: 1, linesMax: 9, at: .seconds(11))
        #expect(later.writes && later.summary?.count == 500 && later.summary?.over == .seconds(11))
        #expect(repeats.take(key, fields: 1, linesMax: 9, at: .seconds(12)) == (false, nil))
        #expect(repeats.due(at: .seconds(30)).map(\.count) == [1])
        #expect(repeats.due(at: .seconds(60)) == [], "said once")
    }

    @Test("Different lines of one message up to a number, of other messages beside it")
    func different() {
        var repeats = LogRepeats(window: .seconds(10))
        let written = (0..<1000).filter {
            repeats.take(key, fields: $0, linesMax: 20, at: .milliseconds($0)).writes
        }
        #expect(written == Array(0..<20))
        let other = LogRepeats.Key(level: .warning, message: "disk")
        #expect(repeats.take(other, fields: 1, linesMax: 20, at: .seconds(1)).writes)
        #expect(repeats.due(at: .seconds(2), all: true).map(\.count) == [980])
    }

    @Test("Memory is bounded, and what makes room is told")
    func bounded() {
        var repeats = LogRepeats(window: .seconds(10))
        var told = 0
        for number in 0..<(10 * LogRepeats.messagesMax) {
            let key = LogRepeats.Key(level: .info, message: "m\(number)")
            for _ in 0..<3 {
                let now = Duration.milliseconds(number)
                told += repeats.take(key, fields: 0, linesMax: 9, at: now).summary?.count ?? 0
            }
        }
        told += repeats.due(at: .seconds(3), all: true).reduce(0) { $0 + $1.count }
        #expect(told == 2 * 10 * LogRepeats.messagesMax)
    }
}
