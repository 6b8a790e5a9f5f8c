/// What the shop knows of a user. Fields that are set replace earlier ones; empty ones leave
/// them.
package struct User: WireMessage {
    package var userID = ""
    package var gender = ""
    package var age: UInt32 = 0
    package var occupation = ""
    package var education = ""
    package var income = ""
    package var region = ""
    package var timeMs: Int64 = 0
    package var interests: [String] = []
    package var properties: [Property] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &gender)
            case 3: try reader.read(field, into: &age)
            case 4: try reader.read(field, into: &occupation)
            case 5: try reader.read(field, into: &education)
            case 6: try reader.read(field, into: &income)
            case 7: try reader.read(field, into: &region)
            case 8: try reader.read(field, into: &timeMs)
            case 9: try reader.read(field, into: &interests)
            case 20: try reader.read(field, into: &properties)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, gender)
        out.write(3, age)
        out.write(4, occupation)
        out.write(5, education)
        out.write(6, income)
        out.write(7, region)
        out.write(8, timeMs)
        out.write(9, interests)
        out.write(20, properties)
    }
}
