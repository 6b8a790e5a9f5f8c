extension UserState {
    /// Whether every time, hour and sum is one that a fold can make, and nothing ends before it
    /// begins. Asked of each state that is read, so that nobody who computes with one has to think
    /// of numbers that overflow.
    var isPlausible: Bool {
        let times = StateLimits.timesMs
        let sums = 0...StateLimits.sumMsMax
        let hoursAll = 0...times.upperBound / Decay.msPerHour
        return times.contains(firstSeenMs) && times.contains(lastSeenMs)
            && firstSeenMs <= lastSeenMs && session.startMs <= session.lastMs
            && purchases.firstMs <= purchases.lastMs
            && times.contains(session.startMs) && times.contains(session.lastMs)
            && sums.contains(session.closedMs) && sums.contains(session.longestMs)
            && times.contains(purchases.firstMs) && times.contains(purchases.lastMs)
            && sums.contains(purchases.decisionMs)
            && hoursAll.contains(decayHour) && hoursAll.contains(affinities.referenceHour)
            && recents.ring.allSatisfy { times.contains($0.timeMs) }
            && hours.isPlausible(bucketMax: hoursAll.upperBound)
            && days.isPlausible(bucketMax: hoursAll.upperBound / 24)
    }
}

extension Tiles {
    /// Rising buckets of possible times.
    fileprivate func isPlausible(bucketMax: Int64) -> Bool {
        var previous: Int32 = -1
        for tile in tiles {
            guard tile.bucket > previous, Int64(tile.bucket) <= bucketMax else { return false }
            previous = tile.bucket
        }
        return true
    }
}

extension Int64 {
    /// Adds to a sum of times, which stays at the most there is.
    @inline(__always)
    mutating func addTime(_ ms: Int64) {
        self = Swift.min(self + Swift.min(ms, StateLimits.sumMsMax), StateLimits.sumMsMax)
    }
}
