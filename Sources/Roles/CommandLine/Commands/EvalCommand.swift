import Expressions
import Features
import Portrait
import Profiles
import Runtime

extension CommandLineTool {
    static let evalCommand = Command(
        "eval", "try an expression on one user or on all; alone, list what can be asked",
        operands: "[EXPRESSION]", count: 0...1,
        options: [Option("user", value: "USER", "of this user instead of all")],
        example: "limn eval 'stats.spend_30d > 500 && \"vip\" in tags'",
        details: """
            Compares with == != < <= > >= and in, joins with && || ! and a ? b : c, counts with
            + - * / %, durations are written 7d 12h 30min. What is unknown stays unknown:
            has(x) and default(x, y) deal with it. Reads the committed states.
            """
    ) { invocation in
        let scan = try StateScan(invocation)
        let tags = try scan.tags()
        guard let text = invocation.operands.first else {
            listNames(tags.set.symbols, invocation)
            return .success
        }
        let reader: UserReader
        do throws(ExpressionError) {
            reader = try tags.reader(text)
        } catch {
            throw CommandFailure(
                .usage, error.explained(in: text), hint: "limn eval alone lists every name")
        }
        let nowMs = try scan.newestMs()
        guard let user = invocation.text("user") else {
            return try evaluateAll(reader, tags, scan, nowMs, invocation)
        }
        guard let state = try scan.person(of: user) else {
            throw CommandFailure(.data, "\(user) is not known", hint: "limn users lists some")
        }
        let value = tags.value(reader, of: try scan.viewer().view(state, nowMs: nowMs))
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("user_id", .string(state.userID)),
                    ("type", .string(reader.expression.type.rawValue)),
                    ("value", value.json),
                ]))
        } else {
            invocation.terminal.print(value.words)
        }
        return value == .unknown || value == .flag(false) ? .negative : .success
    }

    private static func listNames(_ symbols: SymbolTable, _ invocation: Invocation) {
        if invocation.wantsJSON {
            let list = symbols.symbols.map { symbol in
                JSONValue.object([
                    ("name", .string(symbol.name)), ("type", .string(symbol.type.rawValue)),
                    ("unit", .string(symbol.unit)), ("meaning", .string(symbol.meaning)),
                ])
            }
            invocation.terminal.print(.object([("names", .array(list))]))
            return
        }
        var table = Table([
            .init("name"), .init("type"), .init("unit"), .init("meaning", widthMax: 60),
        ])
        for symbol in symbols.symbols {
            table.add([symbol.name, symbol.type.rawValue, symbol.unit, symbol.meaning])
        }
        for function in Expression.functions {
            table.add([function.usage, "function", "", function.meaning])
        }
        invocation.terminal.print(table.rendered(on: invocation.terminal))
    }

    /// What the values of all users are like.
    private static func evaluateAll(
        _ reader: UserReader, _ tags: TagReader, _ scan: StateScan, _ nowMs: Int64,
        _ invocation: Invocation
    ) throws -> ExitCode {
        var summary = ValueSummary()
        let viewer = try scan.viewer()
        try scan.forEach { state in
            summary.add(tags.value(reader, of: viewer.view(state, nowMs: nowMs)))
        }
        if invocation.wantsJSON {
            invocation.terminal.print(summary.json(reader.expression.type))
        } else {
            invocation.terminal.print(summary.words(reader.expression.type))
        }
        return .success
    }
}

/// Values of many users, counted.
struct ValueSummary {
    private(set) var users = 0
    private(set) var unknown = 0
    private(set) var isTrue = 0
    private var sum = 0.0
    private var least = Double.infinity
    private var greatest = -Double.infinity
    private var texts: [String: Int] = [:]

    mutating func add(_ value: ExpressionValue) {
        users += 1
        switch value {
        case .unknown: unknown += 1
        case .flag(let flag): isTrue += flag ? 1 : 0
        case .text(let text): if texts.count < 100_000 { texts[text, default: 0] += 1 }
        case .number(let number), .time(let number), .duration(let number):
            sum += number
            least = min(least, number)
            greatest = max(greatest, number)
        }
    }

    private var known: Int { users - unknown }

    private var commonest: [(key: String, value: Int)] {
        Array(texts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10))
    }

    func words(_ type: ExpressionType) -> String {
        let rest = "unknown for \(Format.count(unknown)) of \(Format.count(users)) users"
        if known == 0 { return rest }
        switch type {
        case .flag:
            let share = Format.percent(Double(isTrue) / Double(users))
            return "true for \(Format.count(isTrue)) (\(share)), false for "
                + "\(Format.count(known - isTrue)), " + rest
        case .text:
            return (commonest.map { "\($0.key)  \(Format.count($0.value))" } + [rest])
                .joined(separator: "\n")
        default:
            return "least \(value(least, type).words), mean "
                + "\(value(sum / Double(known), type).words), greatest "
                + "\(value(greatest, type).words), " + rest
        }
    }

    private func value(_ number: Double, _ type: ExpressionType) -> ExpressionValue {
        switch type {
        case .time: .time(ms: number)
        case .duration: .duration(ms: number)
        default: .number(number)
        }
    }

    func json(_ type: ExpressionType) -> JSONValue {
        var fields: [(String, JSONValue)] = [
            ("type", .string(type.rawValue)), ("users", .integer(Int64(users))),
            ("unknown", .integer(Int64(unknown))),
        ]
        switch type {
        case .flag: fields.append(("true", .integer(Int64(isTrue))))
        case .text:
            fields.append(
                ("commonest", .object(commonest.map { ($0.key, .integer(Int64($0.value))) })))
        default:
            if known > 0 {
                fields += [
                    ("least", .number(least)), ("mean", .number(sum / Double(known))),
                    ("greatest", .number(greatest)),
                ]
            }
        }
        return .object(fields)
    }
}

extension ExpressionValue {
    /// For people.
    var words: String {
        switch self {
        case .unknown: "unknown"
        case .number(let value): Format.decimal(value)
        case .flag(let flag): flag ? "true" : "false"
        case .text(let text): text
        case .time(let ms): Format.time(Int64(ms)) + " UTC"
        case .duration(let ms): Format.decimal(ms / 86_400_000) + " d"
        }
    }

    var json: JSONValue {
        switch self {
        case .unknown: .null
        case .number(let value), .time(let value), .duration(let value): .number(value)
        case .flag(let flag): .bool(flag)
        case .text(let text): .string(text)
        }
    }
}
