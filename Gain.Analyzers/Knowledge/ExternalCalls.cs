using System.Collections.Concurrent;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Projects;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Knowledge;

/// <summary>Judges calls that leave the compilation.</summary>
internal sealed class ExternalCalls(WellKnownTypes types, UserList list)
{
    private readonly ReferencedSummaries _summaries = new();
    private readonly ConcurrentDictionary<IMethodSymbol, Verdict> _verdicts =
        new(SymbolEqualityComparer.Default);

    /// <summary>The site that the call is, or null when it is known to be free.</summary>
    /// <param name="method">The method, with its type arguments.</param>
    /// <param name="receiver">The type that it is called on.</param>
    /// <param name="location">Where the call stands.</param>
    /// <param name="isValid">Whether the input can be seen to be valid.</param>
    public Site? Judge(IMethodSymbol method, ITypeSymbol? receiver, Location location, bool isValid = false)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (definition.MethodKind == MethodKind.DelegateInvoke)
        {
            return new Site(
                AllocationRules.Unverified, location, $"The target of {Name(method.ContainingType)}");
        }

        if (definition.ContainingType is null
            || WellKnownTypes.FindOnMember(definition, types.AllocationFree) is not null
            || WellKnownTypes.FindOnMember(definition, types.AllowAllocation) is not null
            || IsAutomatic(definition))
        {
            return null;
        }

        if (IsEmptyCreation(method) || IsKeptTask(method))
        {
            return null;
        }

        Verdict verdict = list.Find(definition);
        if (verdict == Verdict.Unknown)
        {
            if (ReceiverBoxing.IsFree(method, receiver))
            {
                return null;
            }

            if (TextOfNullable(method) is { } text)
            {
                return Judge(text, method.ContainingType.TypeArguments[0], location);
            }

            if (IsAnyones(method, receiver))
            {
                return new Site(AllocationRules.Unverified, location, Name(method));
            }

            if (ReceiverBoxing.Judge(method, receiver, location) is { } boxing)
            {
                return boxing;
            }

            Site? input = isValid ? null : EncodedInput.Judge(method, location);
            if ((input ?? ArgumentTypes.Judge(method, types, location)) is { } site)
            {
                return site;
            }

            verdict = _verdicts.GetOrAdd(definition, FindVerdict);
        }

        return verdict switch
        {
            Verdict.Free => null,
            Verdict.Allocates => Allocating(method, location),
            Verdict.Grows => new Site(AllocationRules.Grows, location, Growth.Of(method)),
            _ => new Site(AllocationRules.Unverified, location, Name(method)),
        };
    }

    /// <summary>The site that a call is of which its assembly says that it blocks, or null.</summary>
    public Site? Blocking(Call call, IMethodSymbol method) =>
        !call.IsAtOnce && _summaries.Blocks(method.OriginalDefinition)
            ? new Site(BlockingRules.Elsewhere, call.Location, Name(method))
            : null;

    // Activator.CreateInstance<int>() is default(int).
    private static bool IsEmptyCreation(IMethodSymbol method) =>
        method is { Name: "CreateInstance", TypeArguments: [{ IsValueType: true } made] }
        && method.ContainingType is { Name: "Activator", ContainingNamespace.Name: "System" }
        && CallTargets.ConstructorOf(made).IsEmpty;

    // There is one for each of its two results.
    private static bool IsKeptTask(IMethodSymbol method) =>
        method is { Name: "FromResult", TypeArguments: [{ SpecialType: SpecialType.System_Boolean }] }
        && method.ContainingType is { Name: "Task", ContainingNamespace.Name: "Tasks" };

    // The text of a nullable value is that of the value.
    private static IMethodSymbol? TextOfNullable(IMethodSymbol method)
    {
        if (method.Name != "ToString"
            || method.ContainingType.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T)
        {
            return null;
        }

        for (ITypeSymbol? at = method.ContainingType.TypeArguments[0]; at is not null; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers("ToString"))
            {
                if (member is IMethodSymbol { Parameters.IsEmpty: true } text)
                {
                    return text;
                }
            }
        }

        return null;
    }

    // What the table says of them is true of the framework's own implementations.
    private static bool IsAnyones(IMethodSymbol method, ITypeSymbol? receiver) => receiver switch
    {
        { SpecialType: SpecialType.System_Object } => method.Name is "Equals" or "GetHashCode",
        { TypeKind: TypeKind.Interface } =>
            receiver.MetadataName is "IComparer`1" or "IEqualityComparer`1" or "IComparable`1"
                or "IEquatable`1"
            || method is
            {
                ContainingType.SpecialType: SpecialType.System_Object, Name: "Equals" or "GetHashCode",
            },
        _ => false,
    };

    private Verdict FindVerdict(IMethodSymbol definition)
    {
        Verdict verdict = _summaries.Find(definition);
        if (verdict == Verdict.Unknown)
        {
            verdict = ArgumentTypes.IsDecidedByThem(definition)
                ? Verdict.Free
                : KnowledgeTable.Framework.Find(definition);
        }

        // Every query operator that is not known to be free makes an iterator or an enumerator.
        return verdict == Verdict.Unknown && IsLinq(definition) ? Verdict.Allocates : verdict;
    }

    private static Site Allocating(IMethodSymbol method, Location location)
    {
        if (IsLinq(method))
        {
            return new Site(AllocationRules.Linq, location, Name(method));
        }

        if (method.ReturnType.SpecialType == SpecialType.System_String)
        {
            return new Site(AllocationRules.String, location, Name(method));
        }

        if (method.ReturnType is not { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" })
        {
            return new Site(AllocationRules.KnownApi, location, Name(method));
        }

        // Those of Task itself, as Run and Delay, make one in every call.
        bool maySuspend = method.Name.EndsWith("Async", System.StringComparison.Ordinal);
        string when = maySuspend ? " when it suspends" : "";
        return new Site(AllocationRules.Task, location, $"{Name(method)} allocates its task{when}");
    }

    // The accessors of a property without code only read or write its field.
    private bool IsAutomatic(IMethodSymbol definition) =>
        definition.MethodKind is MethodKind.PropertyGet or MethodKind.PropertySet
        && WellKnownTypes.Find(definition, types.CompilerGenerated) is not null;

    private static bool IsLinq(IMethodSymbol method) =>
        method.ContainingType is
            { Name: "Enumerable" or "Queryable" or "ParallelEnumerable" or "AsyncEnumerable" } type
        && type.ContainingNamespace is { Name: "Linq", ContainingNamespace.Name: "System" };

    private static string Name(ISymbol symbol) =>
        symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
