extension StartFailure {
    /// Runs `open`; what it throws becomes a failure that names what could not be opened.
    package static func naming<Value>(_ what: String, _ open: () throws -> Value) throws -> Value {
        do {
            return try open()
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw StartFailure(
                .io, "cannot open \(what): \(error)",
                hint: "check that the data folder exists, is writable and has space left")
        }
    }
}
