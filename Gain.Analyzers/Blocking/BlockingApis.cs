using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Blocking;

/// <summary>Judges calls of members of the framework that may stop a thread.</summary>
internal static class BlockingApis
{
    /// <summary>The site that a call is, or null.</summary>
    public static Site? Judge(Call call, IMethodSymbol method)
    {
        bool isMade = call.IsOnlyMade && method.Name == "GetConsumingEnumerable";
        if (isMade
            || call.IsAtOnce
            || AsyncSiblings.IsAsynchronous(method)
            || HarmlessMembers.IsAtOnce(call, method))
        {
            return null;
        }

        DiagnosticDescriptor? rule = Find(method)
            ?? (IsSynchronousIo(call, method) ? BlockingRules.Io : null);
        return rule is null
            ? null
            : new Site(
                rule,
                call.Location,
                method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
    }

    /// <summary>The asynchronous form of a method that may block, or null.</summary>
    public static IMethodSymbol? FindAsyncSibling(Call call, IMethodSymbol method) =>
        call.IsAtOnce || IoTypes.IsInMemory(call.Source) || IsOnlyHandedOn(method) || Find(method) is not null
            ? null
            : AsyncSiblings.Of(method);

    // Of what has both forms, the synchronous one waits, a close too: it sends what is left, and reads what
    // is not read yet. Of what is only noted or disposed of, neither does for long.
    private static bool IsSynchronousIo(Call call, IMethodSymbol method) =>
        method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension
        && method.Name is not ("Dispose" or "Add" or "AddRange" or "CancelPendingRead"
            or "CancelPendingFlush" or "CreateDbContext")
        && !IsOnlyHandedOn(method)
        && (call.Sibling is not null
            || (call.TakesIo && (method.Name == "WriteTo" || AsyncSiblings.Of(method) is not null))
            || (IsIo(call, method) && AsyncSiblings.Of(method) is not null));

    // An extension of a query is one of the database's, whatever the query looks like.
    private static bool IsIo(Call call, IMethodSymbol method) =>
        IoTypes.IsOne(call.Source)
        || ((call.Source is null || method.IsExtensionMethod) && IoTypes.IsOne(method.ContainingType));

    // The end of a pipe, and a batch, whose answers are waited for one by one.
    private static bool IsOnlyHandedOn(IMethodSymbol method) => method.ContainingType.Name switch
    {
        "PipeReader" or "PipeWriter" => method.Name == "Complete",
        "IBatch" => method.Name == "Execute",
        _ => false,
    };

    // A derived class's override blocks as what it overrides does.
    private static DiagnosticDescriptor? Find(IMethodSymbol method)
    {
        if (IoTypes.IsInMemory(method.ContainingType))
        {
            return null;
        }

        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod)
        {
            for (INamedTypeSymbol? type = at.ContainingType; type is not null; type = type.BaseType)
            {
                // What a type has of System.Object blocks nobody.
                if (type.SpecialType == SpecialType.System_Object)
                {
                    break;
                }

                // Nearly all calls end here, before a name is put together.
                if (!BlockingTable.MayHave(type))
                {
                    continue;
                }

                bool isOwn = SymbolEqualityComparer.Default.Equals(type, at.ContainingType);
                DiagnosticDescriptor? rule = BlockingTable.Find(type, at)
                    ?? (isOwn && !HarmlessMembers.IsOne(at) ? BlockingTable.FindAll(type) : null);
                if (rule is not null)
                {
                    return rule;
                }
            }
        }

        return null;
    }
}
