/// The colours of figures, in light and in dark, as one style sheet.
///
/// Colours hang on classes, not on CSS variables, so that a viewer that knows neither variables nor colour schemes shows the light
/// figure whole. The two series colours differ in lightness as well as in hue, for those who do not see the hue.
enum FigureTheme {
    static let styleSheet = """
        text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px; fill: #16181d }
        .title { font-size: 17px; font-weight: 600 }
        .note, .tick { font-size: 12px; fill: #585d66 }
        .small { font-size: 11px }
        .data { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 10px }
        .strong-cell { fill: #ffffff }
        .on-light { fill: #16181d }
        .on-dark { fill: #ffffff }
        .best { fill: none; stroke: #16181d; stroke-width: 3 }
        .surface { fill: #ffffff }
        .grid { stroke: #e1e4e8; stroke-width: 1 }
        .axis { stroke: #8b919a; stroke-width: 1 }
        .frame { fill: none; stroke: #c3c8cf; stroke-width: 1 }
        .first { fill: #1f5fbf; stroke: #1f5fbf }
        .second { fill: #d9822b; stroke: #d9822b }
        .third { fill: #6b7280; stroke: #6b7280 }
        .wrong { fill: #b3261e }
        .ink { fill: #16181d }
        .curve { fill: none; stroke-width: 2 }
        .whisker { stroke-width: 1.5 }
        .dashed { stroke-dasharray: 5 4 }
        .cell { fill: #1f5fbf; stroke: none }
        .wrong-cell { fill: #b3261e; stroke: none }
        @media (prefers-color-scheme: dark) {
            text { fill: #e8eaed }
            .note, .tick { fill: #a5abb4 }
            .on-light { fill: #16181d }
            .on-dark { fill: #ffffff }
            .best { stroke: #ffffff }
            .surface { fill: #15171a }
            .grid { stroke: #2b2f35 }
            .axis { stroke: #757b84 }
            .frame { stroke: #474c54 }
            .first { fill: #6ea8ff; stroke: #6ea8ff }
            .second { fill: #f0a860; stroke: #f0a860 }
            .third { fill: #9aa1ab; stroke: #9aa1ab }
            .wrong { fill: #ff8a80 }
            .ink { fill: #e8eaed }
            .cell { fill: #4f8ff0 }
            .wrong-cell { fill: #e0685e }
            .curve { fill: none }
        }
        """
}
