//! What can be wrong with a text.

/// A flaw and where it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) flaw: Flaw,
    pub(crate) at: u32,
}

/// What the reader hands back.
pub(crate) type Read<T = ()> = Result<T, Fault>;

/// What is wrong; [`crate::message::describe`] has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    TooDeep,
    /// A tab is part of the indentation.
    Tab,
    QuoteNotClosed,
    /// A bracket at the end of the document.
    NotClosed,
    /// `[` closed by `}`, or the other way round.
    WrongBracket,
    /// A closing bracket, and none is open.
    StrayBracket,
    /// `: ` where no key can be.
    MappingNotAllowed,
    /// `- ` where a sequence cannot begin.
    SequenceNotAllowed,
    /// `? ` where a key cannot begin.
    KeyNotAllowed,
    KeyWithoutColon,
    /// A key of more than 1024 characters.
    LongKey,
    /// `:` behind a text of several lines, between brackets.
    LinesKey,
    /// Something else where an entry of a mapping is expected.
    EntryExpected,
    /// Something else where `- ` is expected.
    ItemExpected,
    /// A character that begins no text.
    Character,
    /// Text behind a node that is complete.
    Trailing,
    /// `#` that nothing separates from what is before it.
    Comment,
    /// The line of `|` or `>`.
    Header,
    /// A block text whose first line is not indented far enough.
    BlockIndent,
    /// `\` and something that is no escape.
    Escape,
    /// An escape of half a character.
    Surrogate,
    /// Two items in brackets without a comma.
    Separator,
    /// A comma or a colon in brackets where an item is expected.
    FlowItem,
    /// `- ` in brackets.
    FlowDash,
    /// `:` and a bracket without a space.
    FlowColon,
    TagHandle,
    Tag,
    /// `&` or `*` without a name.
    Name,
    /// A second anchor or tag of one node.
    SecondProperty,
    /// An anchor or a tag of an alias.
    AliasProperty,
    Directive,
    /// A directive behind the content of a document.
    LateDirective,
    /// Directives without the `---` of their document.
    DocumentStart,
    /// Content behind the end of a document.
    DocumentOver,
    /// Something else on the line of `...`.
    DocumentEnd,
    /// A byte order mark within a document.
    ByteOrderMark,
}
