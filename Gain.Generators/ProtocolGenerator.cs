using Gain.Generators.Emitting;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Gain.Generators;

/// <summary>
/// Emits, for every <c>[GainProtocol]</c> struct, the completion switch and the adapters that call its
/// callbacks. It reports nothing: what is wrong with a protocol is an analyzer's to say.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ProtocolModel?> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                ProtocolParser.AttributeName,
                ProtocolParser.IsCandidate,
                ProtocolParser.Parse)
            .WithTrackingName(TrackingNames.Parsed);

        IncrementalValuesProvider<ProtocolModel> protocols = parsed
            .Where(static protocol => protocol is not null)
            .Select(static (protocol, _) => protocol!)
            .WithTrackingName(TrackingNames.Protocols);

        context.RegisterSourceOutput(protocols, ProtocolEmitter.Emit);
    }
}
