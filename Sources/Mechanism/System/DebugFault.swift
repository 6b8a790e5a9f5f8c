/// Deliberate bugs of the lowest layers, to show that tests find them: `LIMN_FAULT` names them
/// beside those that the roles know. Only in a debug build.
package enum DebugFault {
    /// To be asked once; the answer does not change.
    package static func isOn(_ name: String) -> Bool {
        #if DEBUG
            let names = Environment.variable("LIMN_FAULT")?.split(separator: ",") ?? []
            return names.contains { $0 == name }
        #else
            return false
        #endif
    }
}
