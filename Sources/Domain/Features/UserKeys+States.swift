package import Events

extension UserKeys {
    /// Where a stored state belongs among others that are placed already.
    package func place(
        _ state: Span<UInt8>, _ isTaken: (UInt64) -> Bool
    ) throws -> UInt64 {
        let userID = try UserState(decoding: state).userID
        guard let free = firstRow(of: userID, where: { !isTaken($0) }) else {
            throw FoldError.bucketsFull
        }
        return free
    }

    /// The first row of the user's buckets that the body accepts, in the order of a search.
    package func firstRow(
        of userID: String, where isWanted: (UInt64) throws -> Bool
    ) rethrows -> UInt64? {
        let hash = hash(userID)
        for number in 0..<Self.bucketsPerUser {
            let bucket = bucket(number, of: userID.utf8.span, hash: hash)
            for place in 0..<Self.rowsPerBucket {
                let key = Self.row(place, of: bucket)
                if try isWanted(key) { return key }
            }
        }
        return nil
    }
}
