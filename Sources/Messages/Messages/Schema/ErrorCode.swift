/// Stable for ever; a number is never used again. Hundreds are classes: 1 frame, 2 authority, 3
/// record, 4 batch, 5 request, 6 storage, 7 server.
package struct ErrorCode: WireEnum {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let noError = Self(rawValue: 0)
    package static let malformedFrame = Self(rawValue: 100)
    package static let unsupportedVersion = Self(rawValue: 101)
    package static let unknownKind = Self(rawValue: 102)
    package static let malformedBody = Self(rawValue: 103)
    package static let frameTooLarge = Self(rawValue: 104)
    package static let notAuthorised = Self(rawValue: 200)
    package static let recordEmpty = Self(rawValue: 300)
    package static let userMissing = Self(rawValue: 301)
    package static let itemMissing = Self(rawValue: 302)
    package static let typeUnknown = Self(rawValue: 303)
    package static let timeOutOfRange = Self(rawValue: 304)
    package static let numberNotFinite = Self(rawValue: 305)
    package static let numberOutOfRange = Self(rawValue: 306)
    package static let textTooLong = Self(rawValue: 307)
    package static let textNotUtf8 = Self(rawValue: 308)
    package static let recordMalformed = Self(rawValue: 309)
    package static let recordPoisoned = Self(rawValue: 310)
    package static let eventIDMissing = Self(rawValue: 311)
    package static let linkToItself = Self(rawValue: 312)
    package static let identifierBlocked = Self(rawValue: 313)
    package static let personTooLarge = Self(rawValue: 314)
    package static let recordUnclean = Self(rawValue: 315)
    package static let producerMissing = Self(rawValue: 400)
    package static let sequenceGap = Self(rawValue: 401)
    package static let staleEpoch = Self(rawValue: 402)
    package static let batchTooLarge = Self(rawValue: 403)
    package static let overloaded = Self(rawValue: 404)
    package static let producerTaken = Self(rawValue: 405)
    package static let producersTooMany = Self(rawValue: 406)
    package static let deadlineExceeded = Self(rawValue: 500)
    package static let itemUnknown = Self(rawValue: 501)
    package static let modelMissing = Self(rawValue: 502)
    package static let badRequest = Self(rawValue: 503)
    package static let tooLittleData = Self(rawValue: 504)
    package static let storageFailed = Self(rawValue: 600)
    package static let diskFull = Self(rawValue: 601)
    package static let notOwner = Self(rawValue: 602)
    package static let offsetOutOfRange = Self(rawValue: 603)
    package static let internalError = Self(rawValue: 700)
    package static let unavailable = Self(rawValue: 701)
    package static let shuttingDown = Self(rawValue: 702)

    /// Every value of the schema, in number order, with its name.
    package static let named: [(value: Self, name: String)] = [
        (.noError, "none"),
        (.malformedFrame, "malformed_frame"),
        (.unsupportedVersion, "unsupported_version"),
        (.unknownKind, "unknown_kind"),
        (.malformedBody, "malformed_body"),
        (.frameTooLarge, "frame_too_large"),
        (.notAuthorised, "not_authorised"),
        (.recordEmpty, "record_empty"),
        (.userMissing, "user_missing"),
        (.itemMissing, "item_missing"),
        (.typeUnknown, "type_unknown"),
        (.timeOutOfRange, "time_out_of_range"),
        (.numberNotFinite, "number_not_finite"),
        (.numberOutOfRange, "number_out_of_range"),
        (.textTooLong, "text_too_long"),
        (.textNotUtf8, "text_not_utf8"),
        (.recordMalformed, "record_malformed"),
        (.recordPoisoned, "record_poisoned"),
        (.eventIDMissing, "event_id_missing"),
        (.linkToItself, "link_to_itself"),
        (.identifierBlocked, "identifier_blocked"),
        (.personTooLarge, "person_too_large"),
        (.recordUnclean, "record_unclean"),
        (.producerMissing, "producer_missing"),
        (.sequenceGap, "sequence_gap"),
        (.staleEpoch, "stale_epoch"),
        (.batchTooLarge, "batch_too_large"),
        (.overloaded, "overloaded"),
        (.producerTaken, "producer_taken"),
        (.producersTooMany, "producers_too_many"),
        (.deadlineExceeded, "deadline_exceeded"),
        (.itemUnknown, "item_unknown"),
        (.modelMissing, "model_missing"),
        (.badRequest, "bad_request"),
        (.tooLittleData, "too_little_data"),
        (.storageFailed, "storage_failed"),
        (.diskFull, "disk_full"),
        (.notOwner, "not_owner"),
        (.offsetOutOfRange, "offset_out_of_range"),
        (.internalError, "internal"),
        (.unavailable, "unavailable"),
        (.shuttingDown, "shutting_down"),
    ]
}
