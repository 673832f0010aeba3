using NUnit.Framework.Constraints;

namespace Gain.Tests;

/// <summary>
/// NUnit's, but that it compares arrays of bytes at once: NUnit looks at each element by itself.
/// </summary>
internal abstract class Is : NUnit.Framework.Is
{
    public static EqualConstraint EqualTo(byte[] expected) => new SameBytesConstraint(expected);

    // What is different is found and told by NUnit.
    private sealed class SameBytesConstraint(byte[] expected) : EqualConstraint(expected)
    {
        public override ConstraintResult ApplyTo<TActual>(TActual actual) =>
            actual is byte[] bytes && bytes.AsSpan().SequenceEqual(expected)
                ? new ConstraintResult(this, actual, isSuccess: true)
                : base.ApplyTo(actual);
    }
}
