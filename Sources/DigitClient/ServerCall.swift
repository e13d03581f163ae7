import HTTPServing

extension ServerAddress {
    /// One request to the server, and the head of its answer.
    ///
    /// - Throws: `HTTPClientError`; `ServerProblem` for a status that is no success.
    func exchange(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeouts: HTTPExchange.Timeouts = HTTPExchange.Timeouts()
    ) throws -> HTTPExchange {
        let request = HTTPExchange.Request(method: method, target: target, headers: headers, body: body)
        let exchange = try HTTPExchange(request, to: self, timeouts: timeouts)
        guard (200..<300).contains(exchange.head.status.code) else {
            throw ServerProblem(exchange.head, body: try exchange.body(), server: self)
        }
        return exchange
    }

    /// A request whose answer says nothing but that it was done.
    func call(_ method: HTTPMethod, _ target: String) throws {
        _ = try exchange(method, target).body()
    }

    /// A request and what its answer holds.
    func answer<Value: Decodable>(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeouts: HTTPExchange.Timeouts = HTTPExchange.Timeouts()
    ) throws -> Value {
        try ServerJSON.decode(Value.self, from: exchange(method, target, headers: headers, body: body, timeouts: timeouts).body())
    }

    /// The first elements of a list that comes in pages, at most `limit`.
    ///
    /// - Parameter read: what a page holds, and where the next one is.
    func pages<Page: Decodable, Element>(
        _ path: String, query: String = "", limit: Int, timeouts: HTTPExchange.Timeouts = HTTPExchange.Timeouts(),
        _ read: (Page) -> (elements: [Element], next: String?)
    ) throws -> [Element] {
        let largestPage = 100
        var elements: [Element] = []
        var next: String? = "\(path)?limit=\(min(limit, largestPage))\(query)"
        while let target = next, elements.count < limit {
            let page = read(try answer(.get, target, timeouts: timeouts))
            elements += page.elements
            // A page without elements that promises more would be asked for forever.
            next = page.elements.isEmpty ? nil : page.next
        }
        return Array(elements.prefix(limit))
    }
}
