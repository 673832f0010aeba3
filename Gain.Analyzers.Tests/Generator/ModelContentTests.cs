using System.Reflection;
using Gain.Generators;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Tests.Generator;

/// <summary>
/// What models consist of: a symbol, a node or a compilation in one would keep whole compilations alive in
/// the editor, and make every step run at every key.
/// </summary>
public sealed class ModelContentTests
{
    [Test]
    public void Model_types_hold_only_values_and_other_models()
    {
        var types = new HashSet<Type>();
        WalkType(typeof(ProtocolModel), types);

        Assert.That(types, Does.Contain(typeof(CallbackModel)).And.Contain(typeof(DelimitedModel)));
        Assert.That(types, Does.Contain(typeof(LengthPrefixedModel)).And.Contain(typeof(FixedSizeModel)));
        Assert.That(types, Does.Contain(typeof(VarintPrefixedModel)));
        Assert.That(types.Where(type => !IsAllowed(type)), Is.Empty);
    }

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Models_hold_only_values_and_other_models(string name, string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);
        var types = new HashSet<Type>();
        foreach (object? model in TrackingNames.All.SelectMany(run.ValuesOf))
        {
            WalkValue(model, types, NothingSeen());
        }

        Assert.That(types, Does.Contain(typeof(ProtocolModel)));
        Assert.That(types.Where(type => !IsAllowed(type)), Is.Empty, name);
    }

    [Test]
    public void The_walks_find_a_symbol_that_is_hidden_in_a_model()
    {
        ISymbol symbol = GeneratorRun.Of(Samples.Empty).Output.GetTypeByMetadataName("Empty")!;
        var values = new HashSet<Type>();
        WalkValue(new HidingModel([symbol]), values, NothingSeen());
        var types = new HashSet<Type>();
        WalkType(typeof(HidingModel), types);

        Assert.That(values, Does.Contain(symbol.GetType()));
        Assert.That(IsAllowed(symbol.GetType()), Is.False);
        Assert.That(types.Where(type => !IsAllowed(type)), Does.Contain(typeof(object)));
    }

    private static bool IsAllowed(Type type)
    {
        if (type.IsArray)
        {
            return IsAllowed(type.GetElementType()!);
        }

        return type.IsPrimitive
            || type == typeof(string)
            || type.Assembly == typeof(ProtocolGenerator).Assembly
            || type == typeof(HidingModel);
    }

    private static void WalkType(Type type, HashSet<Type> found)
    {
        if (!found.Add(type) || type.IsPrimitive || type == typeof(string))
        {
            return;
        }

        if (type.IsArray)
        {
            WalkType(type.GetElementType()!, found);
            return;
        }

        foreach (FieldInfo field in FieldsOf(type))
        {
            WalkType(field.FieldType, found);
        }

        // A field of an abstract type holds one of those derived from it.
        Type[] all = type.IsAbstract ? type.Assembly.GetTypes() : [];
        foreach (Type derived in all.Where(other => other.BaseType == type))
        {
            WalkType(derived, found);
        }
    }

    private static void WalkValue(object? value, HashSet<Type> found, HashSet<object> seen)
    {
        if (value is null || !seen.Add(value))
        {
            return;
        }

        Type type = value.GetType();
        found.Add(type);
        if (value is Array array)
        {
            foreach (object? item in array)
            {
                WalkValue(item, found, seen);
            }
        }
        else if (IsAllowed(type) && !type.IsPrimitive)
        {
            foreach (FieldInfo field in FieldsOf(type))
            {
                WalkValue(field.GetValue(value), found, seen);
            }
        }
    }

    private static HashSet<object> NothingSeen() => new(ReferenceEqualityComparer.Instance);

    private static FieldInfo[] FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private sealed record HidingModel(object[] Items);
}
