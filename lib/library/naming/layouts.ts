/** Names of the layouts that `--layout` accepts. */
export type LayoutName = "classic" | "comfyui" | "a1111" | "forge" | "invokeai";

/** One way to arrange a library. */
export interface Layout {
  /** Folder of each kind of file; empty for the classic layout, which builds folders from names. */
  readonly folders: Readonly<Record<string, string>>;
}

const A1111_FOLDERS: Readonly<Record<string, string>> = {
  Checkpoint: "models/Stable-diffusion",
  LORA: "models/Lora",
  TextualInversion: "embeddings",
  Hypernetwork: "models/hypernetworks",
  Controlnet: "models/ControlNet",
  Upscaler: "models/ESRGAN",
  VAE: "models/VAE",
  MotionModule: "extensions/sd-webui-animatediff/model",
  Detection: "models/adetailer",
  Wildcards: "extensions/sd-dynamic-prompts/wildcards",
};

/** The layouts that `--layout` accepts. */
export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  classic: { folders: {} },
  comfyui: {
    folders: {
      Checkpoint: "models/checkpoints",
      DiffusionModel: "models/diffusion_models",
      LORA: "models/loras",
      TextualInversion: "models/embeddings",
      Hypernetwork: "models/hypernetworks",
      Controlnet: "models/controlnet",
      Upscaler: "models/upscale_models",
      VAE: "models/vae",
      TextEncoder: "models/text_encoders",
      CLIPVision: "models/clip_vision",
      MotionModule: "models/animatediff_models",
      Detection: "models/ultralytics",
      Workflows: "user/default/workflows",
    },
  },
  a1111: { folders: A1111_FOLDERS },
  forge: {
    folders: { ...A1111_FOLDERS, DiffusionModel: "models/Stable-diffusion", TextEncoder: "models/text_encoder" },
  },
  invokeai: {
    // InvokeAI registers models by scanning folders; up to version 3 it scanned these on its own.
    folders: {
      Checkpoint: "autoimport/main",
      DiffusionModel: "autoimport/main",
      LORA: "autoimport/lora",
      TextualInversion: "autoimport/embedding",
      Controlnet: "autoimport/controlnet",
      Upscaler: "autoimport/spandrel",
      VAE: "autoimport/vae",
      TextEncoder: "autoimport/text_encoder",
      CLIPVision: "autoimport/clip_vision",
    },
  },
};
