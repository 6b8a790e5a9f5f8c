import PlainText
import System
import ZeroMQ

extension Keys {
    /// Makes all keys of a new folder: `*.key` (0600), `server.public`, `client.json` for programs
    /// in other languages, and the table of who may do what.
    static func make(in folder: DataFolder) throws(StartFailure) {
        let names = ["server"] + Holder.allCases.map(\.rawValue)
        var publicKeys: [String: String] = [:]
        for name in names {
            do {
                let pair = try KeyPair.generate()
                try pair.save(to: "\(folder.keysFolder)/\(name).key")
                publicKeys[name] = pair.publicKey.text
            } catch {
                throw StartFailure(
                    .io, "cannot make the key \(name).key in \(folder.keysFolder): \(error)",
                    hint: "remove what is left in the folder and run limn init again")
            }
        }
        do throws(SystemError) {
            try write(folder, publicKeys)
        } catch {
            throw folder.notUsable(error)
        }
    }

    private static func write(
        _ folder: DataFolder, _ keys: [String: String]
    ) throws(SystemError) {
        let server = keys["server"] ?? ""
        let shown = "# Limn's server key (public, Z85): every client needs it.\n\(server)\n"
        try Files.writeAtomically(
            "\(folder.keysFolder)/server.public", Array(shown.utf8), mode: 0o600)
        // The third line of a key file is the secret half; it exists as text nowhere else.
        let lines = try Files.readText("\(folder.keysFolder)/client.key").split(separator: "\n")
        let client = """
            {"server_public": \(VisibleText.quoted(server)),
             "public": \(VisibleText.quoted(keys["client"] ?? "")),
             "secret": \(VisibleText.quoted(lines.count > 2 ? String(lines[2]) : ""))}

            """
        try Files.writeAtomically(
            "\(folder.keysFolder)/client.json", Array(client.utf8), mode: 0o600)
        try Files.writeAtomically(
            folder.authorisedFile, Array(table(keys).utf8), mode: 0o600)
    }

    private static func table(_ keys: [String: String]) -> String {
        let rows: [(Holder, [Authorisation.Verb])] = [
            (.role, Authorisation.Verb.allCases), (.operator, [.produce, .ask, .operate]),
            (.client, [.produce, .ask]),
        ]
        let entries = rows.map { holder, verbs in
            let names = verbs.map { VisibleText.quoted($0.rawValue) }.joined(separator: ", ")
            let key = VisibleText.quoted(keys[holder.rawValue] ?? "")
            return "  \(key): {name: \(VisibleText.quoted(holder.rawValue)), may: [\(names)]},\n"
        }
        return """
            // Who may connect: public key (Z85) → name and what it may do:
            //   produce  send events                ask       profiles and recommendations
            //   operate  train, stop, see status    internal  what the roles say to each other
            // limn reload takes over what was changed; a key that is gone is cut off.
            {
            \(entries.joined())}

            """
    }
}
