import Messages

/// A state at one moment, with what several features share worked out once. A class, so that each
/// of 199 closures is given a reference and not a kilobyte.
package final class FeatureContext {
    let state: UserState
    let asOfMs: Int64
    /// By `Feature.Window.sliding`.
    let windows: [WindowSum]
    /// What is left now of a count decayed to the state's own hour.
    let fade: Double
    /// Events by hour of the day and by day of the week, all together.
    let hourEvents: Double
    let categories: [(name: String, share: Double)]

    package init(_ state: UserState, asOfMs: Int64) {
        self.state = state
        let asOfMs = min(
            max(asOfMs, StateLimits.timesMs.lowerBound), StateLimits.timesMs.upperBound)
        self.asOfMs = asOfMs
        let asOfHour = asOfMs / Decay.msPerHour
        let hour = Int32(truncatingIfNeeded: asOfHour)
        let day = Int32(truncatingIfNeeded: asOfHour / 24)
        windows = [
            state.hours.sum(newest: hour, length: 2),
            state.hours.sum(newest: hour, length: 24),
            state.days.sum(newest: day, length: 7),
            state.days.sum(newest: day, length: 30),
            state.days.sum(newest: day, length: 90),
        ]
        fade = FoldParameters.standard.countDecay.growth(hours: state.decayHour - asOfHour)
        hourEvents = Double(SIMD32<UInt32>(truncatingIfNeeded: state.hourOfDay).wrappedSum())
        categories = state.affinities.shares(.category)
    }

    func life(_ type: EventType) -> Double { state.life(type) }

    func sum(_ window: Feature.Window) -> WindowSum {
        switch window {
        case .hour: windows[0]
        case .day: windows[1]
        case .week: windows[2]
        case .month: windows[3]
        default: windows[4]
        }
    }

    func decayed(_ kind: Counted) -> Double { state.decayed[kind.rawValue] * fade }

    /// NaN for a time that never was.
    func days(since ms: Int64) -> Double {
        ms == 0 ? .nan : max(0, Double(asOfMs - ms) / Double(Decay.msPerHour * 24))
    }

    /// Share of events in hours of the day, UTC.
    func hourShare(_ hours: Range<Int>) -> Double {
        ratio(hours.reduce(0) { $0 + Double(state.hourOfDay[$1]) }, hourEvents)
    }

    /// Share of events on a day of the week, Monday first.
    func weekdayShare(_ days: Range<Int>) -> Double {
        ratio(days.reduce(0) { $0 + Double(state.dayOfWeek[$1]) }, hourEvents)
    }

    /// Days in a row with an event, up to today or yesterday.
    var streak: Double {
        let today = Int32(truncatingIfNeeded: asOfMs / Decay.msPerHour / 24)
        let run = max(state.days.run(around: today), state.days.run(around: today - 1))
        return Double(run)
    }
}

/// NaN where there is nothing to divide by.
func ratio(_ part: Double, _ whole: Double) -> Double {
    whole > 0 ? part / whole : .nan
}
