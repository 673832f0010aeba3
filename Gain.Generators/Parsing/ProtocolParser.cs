using System.Linq;
using System.Threading;
using Gain.Generators.Emitting;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Generators.Parsing;

/// <summary>Turns an attributed struct into its model.</summary>
internal static class ProtocolParser
{
    public const string AttributeName = "Gain.GainProtocolAttribute";

    /// <summary>Whether a node that has the attribute is a struct; on others it is an error.</summary>
    public static bool IsCandidate(SyntaxNode node, CancellationToken cancellation) =>
        node.IsKind(SyntaxKind.StructDeclaration) || node.IsKind(SyntaxKind.RecordStructDeclaration);

    /// <summary>The model of the struct, or null where no code can be added to it.</summary>
    public static ProtocolModel? Parse(
        GeneratorAttributeSyntaxContext context,
        CancellationToken cancellation)
    {
        var part = (TypeDeclarationSyntax)context.TargetNode;
        var symbol = (INamedTypeSymbol)context.TargetSymbol;
        if (!IsFirstAttributedPart(symbol, part, cancellation) || !TypeParser.IsExtensible(symbol, part))
        {
            return null;
        }

        FramingModel? framing = FramingParser.Parse(symbol);
        EquatableArray<CallbackModel> callbacks =
            CallbackParser.Parse(symbol, framing is not (null or InvalidFramingModel), cancellation);

        // What TryReadFrame reads, only the user can write.
        bool isWritten = framing is not (null or CustomFramingModel);
        return new ProtocolModel(
            HintName.Of(symbol),
            TypeParser.NamespaceOf(symbol),
            TypeParser.ParentsOf(part),
            TypeParser.Parse(part),
            TypeParser.UnusedTypeParameter(symbol, "TWorker"),
            callbacks,
            framing,
            isWritten && TypeParser.IsUnused(symbol, SendFrameEmitter.MethodName),
            isWritten
                && FrameWriterEmitter.MethodNames.All(name => TypeParser.IsUnused(symbol, name)));
    }

    // A node is visited for each part that has the attribute. A second one is the compiler's error to
    // report; emitting two files of one name would end the generator for the whole project.
    private static bool IsFirstAttributedPart(
        INamedTypeSymbol symbol,
        TypeDeclarationSyntax part,
        CancellationToken cancellation)
    {
        AttributeData? first = AttributeFinder.Find(symbol, AttributeName);
        SyntaxNode? syntax = first?.ApplicationSyntaxReference?.GetSyntax(cancellation);
        return syntax?.Parent?.Parent == part;
    }
}
