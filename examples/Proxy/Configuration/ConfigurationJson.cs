using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gain.Proxy.Configuration;

/// <summary>How the file is read: source-generated, as NativeAOT has no reflection for it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    Converters = [typeof(TimeConverter)])]
[JsonSerializable(typeof(ProxySection))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
