using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>A type with <c>[GainProtocol]</c>, seen as the generator sees it.</summary>
internal sealed class Handler
{
    public Handler(INamedTypeSymbol type) => Type = type;

    public INamedTypeSymbol Type { get; }

    /// <summary>Whether the generator looks at it at all; of others, that is the first error.</summary>
    public bool IsStruct => Type.TypeKind == TypeKind.Struct;

    /// <summary>
    /// The methods that the user wrote, callbacks or not; neither accessors nor what a record adds.
    /// </summary>
    public IEnumerable<IMethodSymbol> Methods =>
        Type.GetMembers().OfType<IMethodSymbol>().Where(static method =>
            method.MethodKind == MethodKind.Ordinary && !method.IsImplicitlyDeclared);

    /// <summary>Whether a type has the attribute.</summary>
    public static bool IsOne(INamedTypeSymbol type, INamedTypeSymbol attribute) =>
        type.GetAttributes().Any(
            one => SymbolEqualityComparer.Default.Equals(one.AttributeClass, attribute));

    /// <summary>The callback that has a method's name, if there is one.</summary>
    public static CallbackSpec? SpecOf(IMethodSymbol method) =>
        CallbackSpec.All.FirstOrDefault(spec => spec.MethodName == method.Name);

    /// <summary>Whether the generator can call a method as a callback.</summary>
    public static bool Fits(IMethodSymbol method, CallbackSpec spec) =>
        CallbackParser.ParseMethod(method, spec) is not null;

    /// <summary>The methods of a callback's name that the generator can call.</summary>
    public IEnumerable<IMethodSymbol> CallbacksOf(CallbackKind kind)
    {
        CallbackSpec spec = CallbackSpec.Of(kind);
        return Methods.Where(method => method.Name == spec.MethodName && Fits(method, spec));
    }

    /// <summary>The framing attributes, valid or not.</summary>
    public ImmutableArray<AttributeData> Framings() =>
        [.. Type.GetAttributes().Where(FramingParser.IsFraming)];

    /// <summary>The type and those that it is nested in, from the inside.</summary>
    public IEnumerable<INamedTypeSymbol> Chain()
    {
        for (INamedTypeSymbol? type = Type; type is not null; type = type.ContainingType)
        {
            yield return type;
        }
    }

    /// <summary>The type's first declaration.</summary>
    public TypeDeclarationSyntax? FirstPart(CancellationToken cancellation) =>
        Type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(cancellation))
            .OfType<TypeDeclarationSyntax>()
            .FirstOrDefault();

    /// <summary>Whether the generator can add a part to it.</summary>
    public bool IsExtensible(CancellationToken cancellation) =>
        IsStruct
        && FirstPart(cancellation) is { } part
        && TypeParser.IsExtensible(Type, part);

    /// <summary>Reports at the type's name.</summary>
    public void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, Type.Locations[0], arguments));
}
