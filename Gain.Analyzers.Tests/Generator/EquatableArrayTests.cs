using Gain.Generators.Models;

namespace Gain.Tests.Generator;

/// <summary>Equality of the arrays in models.</summary>
public sealed class EquatableArrayTests
{
    [Test]
    public void Equals_an_array_with_equal_elements()
    {
        EquatableArray<string> left = new(["a", "b"]);
        EquatableArray<string> right = new(new List<string> { "a", new('b', 1) });

        Assert.That(left.Equals(right), Is.True);
        Assert.That(left.Equals((object)right), Is.True);
        Assert.That(left.GetHashCode(), Is.EqualTo(right.GetHashCode()));
    }

    [TestCase("a")]
    [TestCase("b", "a")]
    [TestCase("a", "b", "c")]
    public void Differs_from_an_array_with_other_elements(params string[] others)
    {
        EquatableArray<string> left = new(["a", "b"]);

        Assert.That(left.Equals(new EquatableArray<string>(others)), Is.False);
        Assert.That(left.Equals((object)others), Is.False);
    }

    [Test]
    public void A_default_instance_is_empty()
    {
        EquatableArray<string> none = default;

        Assert.That(none.Count, Is.Zero);
        Assert.That(none.ToArray(), Is.Empty);
        Assert.That(none.Equals(new EquatableArray<string>([])), Is.True);
        Assert.That(none.GetHashCode(), Is.EqualTo(new EquatableArray<string>([]).GetHashCode()));
    }

    [Test]
    public void Does_not_change_with_the_array_that_it_was_made_from()
    {
        string[] source = ["a"];
        EquatableArray<string> array = new(source);
        source[0] = "b";

        Assert.That(array[0], Is.EqualTo("a"));
    }
}
