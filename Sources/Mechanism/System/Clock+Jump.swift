#if DEBUG
    extension Clock {
        /// Tests let the wall clock jump while a process runs: `LIMN_FAULT_CLOCK` names a file
        /// that holds how many milliseconds it is wrong. Debug builds only.
        static func jumpMs() -> Int64 {
            guard let jumpFile, let text = try? Files.readText(jumpFile, bytesMax: 64) else {
                return 0
            }
            return Int64(text) ?? 0
        }

        private static let jumpFile = Environment.variable("LIMN_FAULT_CLOCK")
    }
#endif
