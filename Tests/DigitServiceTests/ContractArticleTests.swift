import Foundation
import HTTPServing
import TestData
import Testing

@Suite("The article of the HTTP contract")
struct ContractArticleTests {
    @Test("its table of routes has every route, and no other")
    func routes() throws {
        let path = "\(TestData.packageRoot)/Sources/digitd/Documentation.docc/HTTPContract.md"
        let article = try String(contentsOfFile: path, encoding: .utf8)
        let documented = article.matches(of: /\n\| `([A-Z]+ \/[^` ?]*)` \|/).map { String($0.1) }
        let served = try ServiceFixture().router.routes.map { "\($0.method.rawValue) \($0.pattern)" }
        #expect(documented.sorted() == served.sorted())
    }
}
