namespace Gain.MutationTester;

/// <summary>The kinds of changes.</summary>
internal enum MutationOperator
{
    /// <summary>A condition is the opposite.</summary>
    Negate,

    /// <summary>A comparison takes, or takes no more, what is equal.</summary>
    Boundary,

    /// <summary>== and !=, where they are not a whole condition.</summary>
    Equality,

    /// <summary>&amp;&amp; and ||.</summary>
    Logic,

    /// <summary>+ and -, alone or with an assignment.</summary>
    Arithmetic,

    /// <summary>A number is one more or one less.</summary>
    Constant,

    /// <summary>A call is left out.</summary>
    Call,

    /// <summary>Flags are not set, or not cleared.</summary>
    Flags,

    /// <summary>The opposite, or the default, is returned.</summary>
    Return,
}
