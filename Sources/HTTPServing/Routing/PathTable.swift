/// Path patterns as a tree of segments, so that a look-up costs the length of the path and not the number of routes.
///
/// At each segment a literal is preferred to a parameter; where the literal's branch leads nowhere, the parameter's is tried.
struct PathTable: Sendable {
    struct Endpoint: Sendable {
        let pattern: String
        let parameterNames: [String]
        /// Index of the route of each method, by `HTTPMethod.index`.
        private var routes = [Int?](repeating: nil, count: HTTPMethod.allCases.count)

        init(pattern: String, parameterNames: [String]) {
            self.pattern = pattern
            self.parameterNames = parameterNames
        }

        subscript(method: HTTPMethod) -> Int? {
            get { routes[method.index] }
            set { routes[method.index] = newValue }
        }

        /// What the path answers, HEAD with GET and OPTIONS always, in the order of `HTTPMethod`.
        var allow: [HTTPMethod] {
            HTTPMethod.allCases.filter { self[$0] != nil || $0 == .options || ($0 == .head && self[.get] != nil) }
        }
    }

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], child: Int)] = []
        var parameterChild: Int?
        var endpoint: Int?
    }

    private var nodes = [Node()]
    private(set) var endpoints: [Endpoint] = []

    /// Adds the route with index `index`.
    mutating func add(_ route: Route, index: Int) throws(HTTPServingError) {
        func malformed(_ reason: String) -> HTTPServingError { .malformedPattern(route.pattern, reason: reason) }
        guard route.pattern.utf8.first == UInt8(ascii: "/") else { throw malformed("does not start with /") }
        var names: [String] = []
        var node = 0
        for segment in route.pattern == "/" ? [] : route.pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard !segment.isEmpty else { throw malformed("has an empty segment") }
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                let name = String(segment.dropFirst().dropLast())
                guard !name.isEmpty, !name.contains("{"), !name.contains("}") else { throw malformed("has a malformed parameter") }
                guard !names.contains(name) else { throw malformed("names parameter \(name) twice") }
                names.append(name)
                node = parameterChild(of: node)
            } else {
                guard !segment.contains(where: { "{}%?#".contains($0) }) else { throw malformed("has a malformed segment \"\(segment)\"") }
                node = literalChild(of: node, segment: Array(segment.utf8))
            }
        }
        let endpoint: Int
        if let known = nodes[node].endpoint {
            endpoint = known
            guard endpoints[known].pattern == route.pattern else {
                throw malformed("and \"\(endpoints[known].pattern)\" name the parameters of one path differently")
            }
        } else {
            endpoint = endpoints.count
            endpoints.append(Endpoint(pattern: route.pattern, parameterNames: names))
            nodes[node].endpoint = endpoint
        }
        guard endpoints[endpoint][route.method] == nil else {
            throw .duplicateRoute(method: route.method, pattern: route.pattern)
        }
        endpoints[endpoint][route.method] = index
    }

    private mutating func literalChild(of node: Int, segment: [UInt8]) -> Int {
        if let known = nodes[node].literals.first(where: { $0.segment == segment }) { return known.child }
        nodes[node].literals.append((segment, nodes.count))
        nodes.append(Node())
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if let known = nodes[node].parameterChild { return known }
        nodes[node].parameterChild = nodes.count
        nodes.append(Node())
        return nodes.count - 1
    }

    /// The endpoint of `path`, and into `segments` the byte ranges of its parameters.
    ///
    /// - Parameter hasEscapes: whether the path has a `%`; only then are segments compared decoded.
    func endpoint(of path: Span<UInt8>, from start: Int, hasEscapes: Bool, segments: inout [Range<Int>]) -> Int? {
        guard start < path.count, path[start] == UInt8(ascii: "/") else { return nil }
        if start + 1 == path.count { return nodes[0].endpoint }
        return endpoint(of: path, node: 0, from: start + 1, hasEscapes: hasEscapes, segments: &segments)
    }

    private func endpoint(of path: Span<UInt8>, node: Int, from start: Int, hasEscapes: Bool, segments: inout [Range<Int>]) -> Int? {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        let segment = path.extracting(start..<end)

        func leave(to child: Int, _ segments: inout [Range<Int>]) -> Int? {
            end == path.count
                ? nodes[child].endpoint
                : endpoint(of: path, node: child, from: end + 1, hasEscapes: hasEscapes, segments: &segments)
        }
        for literal in nodes[node].literals where spells(segment, literal.segment, hasEscapes: hasEscapes) {
            if let found = leave(to: literal.child, &segments) { return found }
        }
        guard let child = nodes[node].parameterChild, start < end else { return nil }
        segments.append(start..<end)
        if let found = leave(to: child, &segments) { return found }
        segments.removeLast()
        return nil
    }

    private func spells(_ segment: Span<UInt8>, _ literal: [UInt8], hasEscapes: Bool) -> Bool {
        if hasEscapes { return percentDecoded(segment) == literal }
        guard segment.count == literal.count else { return false }
        for index in segment.indices where segment[index] != literal[index] { return false }
        return true
    }
}
