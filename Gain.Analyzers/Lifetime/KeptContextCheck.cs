using System.Linq;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// GAIN3009: contexts of sessions where others find them: in fields, in collections, in lambdas that run
/// elsewhere.
/// </summary>
internal sealed class KeptContextCheck(INamedTypeSymbol session, INamedTypeSymbol attribute)
{
    public void AnalyzeMember(SymbolAnalysisContext context)
    {
        ISymbol member = context.Symbol;
        ITypeSymbol type;
        switch (member)
        {
            case IFieldSymbol field when field.AssociatedSymbol is null:
                type = field.Type;
                break;
            case IPropertySymbol property when IsStored(property):
                type = property.Type;
                break;
            default:
                return;
        }

        if (Holds(type) && (member.IsStatic || Keeps(member.ContainingType)))
        {
            Report(context.ReportDiagnostic, member.Locations[0], $"'{member.Name}' keeps");
        }
    }

    // A parameter of the type itself, in a member that is called later.
    public void AnalyzeParameter(OperationAnalysisContext context)
    {
        IParameterSymbol parameter = ((IParameterReferenceOperation)context.Operation).Parameter;
        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
            && Holds(parameter.Type)
            && Keeps(constructor.ContainingType)
            && context.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.Constructor }
                or IPropertySymbol)
        {
            Report(
                context.ReportDiagnostic,
                context.Operation.Syntax.GetLocation(),
                $"'{constructor.ContainingType.Name}' keeps, as its parameter '{parameter.Name}',");
        }
    }

    // What a collection's own type says is of that type is put into it.
    public void AnalyzeArgument(OperationAnalysisContext context)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (argument.Parameter is { } parameter
            && parameter.OriginalDefinition.Type is ITypeParameterSymbol
            {
                TypeParameterKind: TypeParameterKind.Type,
            }
            && parameter.RefKind is RefKind.None or RefKind.In
            && Holds(parameter.Type)
            && parameter.ContainingType is { TypeKind: TypeKind.Class or TypeKind.Interface } owner
            && !IsLookup(parameter.ContainingSymbol))
        {
            Report(
                context.ReportDiagnostic,
                argument.Syntax.GetLocation(),
                $"{owner.Name}.{parameter.ContainingSymbol.Name} keeps");
        }
    }

    public void AnalyzeDelegate(OperationAnalysisContext context)
    {
        var creation = (IDelegateCreationOperation)context.Operation;
        if (creation.Target is IAnonymousFunctionOperation function
            && (Deferral.GoesElsewhere(creation) || IsStored(creation))
            && function.Body.Descendants().FirstOrDefault(one => IsCaptured(one, function)) is { } captured)
        {
            Report(
                context.ReportDiagnostic,
                captured.Syntax.GetLocation(),
                "The lambda, which runs later or elsewhere, captures");
        }
    }

    // Whether it is a context that is declared outside.
    private bool IsCaptured(IOperation operation, IAnonymousFunctionOperation function)
    {
        ISymbol? symbol = operation switch
        {
            IParameterReferenceOperation { Parameter: var parameter } => parameter,
            ILocalReferenceOperation { Local: var local } => local,
            _ => null,
        };
        return symbol is not null
            && operation.Type is { } type
            && Holds(type)
            && !symbol.DeclaringSyntaxReferences.Any(reference =>
                reference.SyntaxTree == function.Syntax.SyntaxTree
                && function.Syntax.Span.Contains(reference.Span));
    }

    private static bool IsStored(IOperation creation)
    {
        IOperation? parent = creation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent is IFieldInitializerOperation or IPropertyInitializerOperation
            || (parent is IAssignmentOperation assignment
                && assignment.Target is IFieldReferenceOperation or IPropertyReferenceOperation);
    }

    private static bool IsStored(IPropertySymbol property) => property.ContainingType.GetMembers()
        .OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static bool IsLookup(ISymbol method) =>
        method.Name is "Contains" or "ContainsKey" or "Remove" or "TryGetValue" or "IndexOf" or "Equals";

    // A struct is wherever its holder is; a handler lies in its worker's array.
    private bool Keeps(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Class || Handler.IsOne(type, attribute);

    private bool Holds(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Holds(array.ElementType),
        INamedTypeSymbol { TypeKind: TypeKind.Delegate } => false,
        INamedTypeSymbol named => SymbolEqualityComparer.Default.Equals(named, session)
            || named.TypeArguments.Any(Holds),
        _ => false,
    };

    private static void Report(System.Action<Diagnostic> report, Location location, string what) =>
        report(Diagnostic.Create(LifetimeRules.KeptContext, location, what));
}
