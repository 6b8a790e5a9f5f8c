import Expressions
import Randomness
import Testing

@Suite("Errors of expressions: code, place, help")
struct ErrorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var text: String
        var code: ExpressionError.Code
        /// What of the text is meant.
        var meant: String
        /// What the hint says.
        var hint: String
        var testDescription: String { text }

        init(_ text: String, _ code: ExpressionError.Code, _ meant: String, _ hint: String = "") {
            self.text = text
            self.code = code
            self.meant = meant
            self.hint = hint
        }
    }

    static let cases = [
        Case("stats.spend30d > 1", .unknownName, "stats.spend30d", "did you mean stats.spend_30d?"),
        Case("spend_30d > 1", .unknownName, "spend_30d", "did you mean stats.spend_30d?"),
        Case("stats.veiws_7d > 1", .unknownName, "stats.veiws_7d", "did you mean stats.views_7d?"),
        Case("region == 'x'", .unknownName, "region", "did you mean user.region?"),
        Case("'vpi' in tags", .unknownWord, "'vpi'", "did you mean vip?"),
        Case("stats.spend_30d > \"500\"", .wrongType, "\"500\"", "without quotes: 500"),
        Case("stats.spend_30d = 5", .unexpectedCharacter, "=", "write =="),
        Case("true and false", .unexpectedToken, "and", "write &&"),
        Case("now - last_seen < 7", .wrongType, "7"),
        Case("now - 7 > last_seen", .wrongType, "now - 7", "now - 7d"),
        Case("last_seen + now > now", .wrongType, "last_seen + now"),
        Case("1 < 2 < 3", .wrongType, "1 < 2", "a < b && b < c"),
        Case("tags == 'vip'", .wrongType, "tags", "\"name\" in tags"),
        Case("tags['vip']", .wrongType, "tags", "in tags"),
        Case("affinity.category > 1", .wrongType, "affinity.category", "[\"name\"]"),
        Case("affinity.category[user.region] > 1", .notLiteral, "user.region"),
        Case("user.region in [user.gender]", .notLiteral, "user.gender", "||"),
        Case(
            "startwith(user.region, 'a')", .unknownFunction, "startwith(user.region, 'a')",
            "did you mean startsWith?"),
        Case("lower()", .wrongCount, "lower()", "write lower(text)"),
        Case("user.region > 'a' ? 'x' : 'y'", .wrongType, "'x'", "inside the branches"),
        Case("stats.spend_30d >", .unexpectedToken, ""),
        Case("", .unexpectedToken, ""), Case("(1 < 2", .unexpectedToken, ""),
        Case("1 < 2)", .unexpectedToken, ")"), Case("'abc", .unterminatedText, "'abc", "'"),
        Case("'a\\q'", .badEscape, "\\q"), Case("7m < 1h", .badNumber, "m", "min"),
        Case("1e999 > 1", .badNumber, "1e999"), Case("1 <> 2", .unexpectedCharacter, "<>", "!="),
        Case("stats.views_7d > 1 § 2", .unexpectedCharacter, "§"),
        Case("'a' in user.region", .wrongType, "user.region", "contains"),
        Case("!stats.views_7d", .wrongType, "stats.views_7d"),
        Case("true + 1", .wrongType, "true + 1", "&&"), Case("[1]", .wrongType, "[1]"),
    ]

    @Test("each mistake is named where it is", arguments: cases)
    func mistakes(_ mistake: Case) throws {
        let error = try #require(throws: ExpressionError.self) {
            _ = try Expression(mistake.text, in: World.symbols)
        }
        #expect(error.code == mistake.code)
        let bytes = Array(mistake.text.utf8)
        #expect(String(decoding: bytes[error.range], as: UTF8.self) == mistake.meant)
        #expect(error.hint.contains(mistake.hint), "\(error.hint)")
    }

    @Test("a message shows the line and points at the place")
    func caret() throws {
        let text = "stats.views_7d > 1 &&\n\tüber.spend30d > 500"
        let lexed = try #require(throws: ExpressionError.self) {
            _ = try Expression(text, in: World.symbols)
        }
        #expect(lexed.explained(in: text).contains("line 2, column 2"))
        let one = "1 + stats.spend30d > 500"
        let error = try #require(throws: ExpressionError.self) {
            _ = try Expression(one, in: World.symbols)
        }
        #expect(
            error.explained(in: one) == """
                unknown_name at column 5: there is no "stats.spend30d"
                  1 + stats.spend30d > 500
                      ^^^^^^^^^^^^^^
                did you mean stats.spend_30d?
                """)
    }

    @Test("a condition must be true or false")
    func condition() throws {
        let error = try #require(throws: ExpressionError.self) {
            _ = try Expression(condition: "stats.views_7d", in: World.symbols)
        }
        #expect(error.code == .wrongType)
    }

    @Test("limits are kept, and no chain or nest breaks the stack")
    func limits() throws {
        func code(_ text: String) -> ExpressionError.Code? {
            do {
                _ = try Expression(text, in: World.symbols)
                return nil
            } catch { return error.code }
        }
        let long = String(repeating: " ", count: ExpressionLimits.lengthMax)
        #expect(code(long + "1") == .tooLong)
        #expect(code(String(repeating: "(", count: 4000)) == .tooDeep)
        #expect(code(String(repeating: "-", count: 4000) + "1") == .tooDeep)
        #expect(code(String(repeating: "[", count: 4000)) == .tooDeep)
        #expect(code("1" + String(repeating: "+1", count: 1500)) == .tooDeep)
        #expect(code("now" + String(repeating: ".a", count: 1500)) == .tooDeep)
        #expect(code("1" + String(repeating: "[1", count: 1500)) == .tooDeep)
        #expect(code(String(repeating: "true ? 1 : ", count: 300) + "1") == .tooDeep)
        #expect(code("1 in [" + String(repeating: "1,", count: 1500) + "1]") == .tooCostly)
        #expect(code("1 in [" + String(repeating: "1,", count: 900) + "1]") == nil)
        let wide = Array(repeating: "stats.views_7d > 1", count: 90).joined(separator: " || ")
        #expect(code(wide) == nil)
    }

    @Test("random text is an expression or an error within it", arguments: 0..<8 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "stats.views_7d", "tags", "now", "7d", "\"vip\"", "'", "\"", "\\", " in ", "[", "]",
            "(",
            ")", "&&", "||", "!", "-", "+", "<", "==", "?", ":", ",", ".", "1", "1e9", "é", "\n",
            "size", "default", "has", "affinity.category", "user.region", "true", "\u{0}", "𝄞",
        ]
        var codes: Set<ExpressionError.Code> = []
        for round in 0..<400 {
            var text = ""
            if round % 2 == 0 {
                for _ in 0..<Int.random(in: 0..<24, using: &random) {
                    text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
                }
            } else {
                let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                text = String(decoding: bytes, as: UTF8.self)
            }
            do {
                let expression = try Expression(text, in: World.symbols)
                _ = World.evaluate(expression, World.Person(&random))
            } catch {
                codes.insert(error.code)
                let length = text.utf8.count
                #expect(error.range.lowerBound >= 0 && error.range.upperBound <= length, "\(text)")
                #expect(!error.message.isEmpty)
                _ = error.explained(in: text)
            }
        }
        #expect(codes.count > 2)
    }

    @Test("every cut and every changed byte of a good text too")
    func damage() {
        let good =
            "!(stats.spend_30d >= 1.5e2) && affinity.category['\\n'] < 7d / 1h ? true : 'x' in tags"
        let bytes = Array(good.utf8)
        var texts = bytes.indices.map { Array(bytes[..<$0]) }
        for at in bytes.indices {
            for byte in stride(from: UInt8(0), to: 128, by: 11) {
                var changed = bytes
                changed[at] = byte
                texts.append(changed)
            }
        }
        for text in texts.map({ String(decoding: $0, as: UTF8.self) }) {
            do {
                _ = try Expression(text, in: World.symbols)
            } catch {
                #expect(error.range.upperBound <= text.utf8.count, "\(text)")
                _ = error.explained(in: text)
            }
        }
    }
}
