import Foundation

/// Payloads with one thing wrong, made from a sound one.
struct TornPayloads {
    struct Payload: CustomStringConvertible {
        let description: String
        let json: Data
        /// Whether some number in this place could be right as well.
        let mayBeSound: Bool
    }

    private let fields: [String: Any]

    init(_ json: Data) throws {
        fields = try JSONSerialization.jsonObject(with: json) as? [String: Any] ?? [:]
    }

    var fieldNames: [String] { fields.keys.sorted() }

    func all() throws -> [Payload] {
        try fieldNames.flatMap { name -> [Payload] in
            var payloads = [try payload("no \(name)", name, with: nil), try payload("\(name) null", name, with: NSNull())]
            guard let elements = fields[name] as? [Any] else { return try payloads + strangeNumbers(name) { $0 } }
            if !elements.isEmpty {
                payloads.append(try payload("\(name) without its last element", name, with: Array(elements.dropLast())))
                payloads.append(try payload("\(name) with its first element alone missing", name, with: Array(elements.dropFirst())))
                for place in [0, elements.count / 2, elements.count - 1] {
                    payloads += try strangeNumbers("\(name)", place: place) { number in
                        var changed = elements
                        changed[place] = number
                        return changed
                    }
                }
            }
            if let last = elements.last {
                payloads.append(try payload("\(name) with one element more", name, with: elements + [last]))
            }
            return payloads
        }
    }

    private func strangeNumbers(_ name: String, place: Int? = nil, _ change: (Any) -> Any) throws -> [Payload] {
        let field = place.map { "\(name)[\($0)]" } ?? name
        return try [1e300, -1e300, 4_611_686_018_427_387_904, -7, 0.5].map { number in
            try payload("\(field) = \(number)", name, with: change(number), mayBeSound: true)
        } + [try payload("\(field) a text", name, with: change("digit"))]
    }

    private func payload(_ description: String, _ name: String, with value: Any?, mayBeSound: Bool = false) throws -> Payload {
        var changed = fields
        changed[name] = value
        return Payload(
            description: description, json: try JSONSerialization.data(withJSONObject: changed, options: .sortedKeys),
            mayBeSound: mayBeSound)
    }
}
